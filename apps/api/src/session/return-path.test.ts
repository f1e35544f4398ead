import { expect, test } from "vitest";
import { returnPathFrom } from "./return-path.ts";

test("goes back to a path of this console", () => {
  expect(returnPathFrom("/plans/ledger?tab=runs#log")).toBe("/plans/ledger?tab=runs#log");
});

test.each([
  "https://evil.example.com",
  "//evil.example.com",
  "/\\evil.example.com",
  "/\t/evil.example.com",
  "/plans\r\nset-cookie: a=b",
  "/..//evil.example.com",
  "javascript:alert(1)",
  "plans",
  undefined,
])("goes nowhere else: %s", (value) => {
  expect(returnPathFrom(value)).toBe("/");
});
