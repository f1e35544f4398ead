import { expect, it } from "vitest";
import { isCompatible, versionProblem } from "./operator-version.ts";

it.each([
  ["1.8.4", "1.8.4", true],
  ["1.5.1", "1.6.0", true],
  ["1.8.0", "1.5.2", true],
  ["1.5.0", "1.6.0", false],
  ["1.7.0", "1.8.0", false],
  ["2.5.1", "2.6.0", false],
  ["latest", "1.8.0", false],
])("%s beside %s: %s", (one, other, expected) => {
  expect(isCompatible(one, other)).toBe(expected);
});

it("names the cluster whose version is not known", () => {
  expect(versionProblem({ remote: undefined, host: "1.8.0" })?.message).toContain("this cluster");
  expect(versionProblem({ remote: "1.8.0", host: undefined })?.message).toContain("host cluster");
  expect(versionProblem({ remote: "1.8.0", host: "1.8.0" })).toBeUndefined();
});
