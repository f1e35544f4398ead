import { expect, test } from "vitest";
import { formatDuration } from "./duration.ts";

test.each([
  [400, "0.4 s"],
  [12_000, "12 s"],
  [59_700, "1 min"],
  [391_000, "6 min 31 s"],
  [7_500_000, "2 h 5 min"],
  [273_600_000, "3 d 4 h"],
  [-5, "0 s"],
])("%d ms reads as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
