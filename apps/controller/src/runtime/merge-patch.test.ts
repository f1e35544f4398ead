import { describe, expect, it } from "vitest";
import { mergePatch } from "./merge-patch.ts";

describe("mergePatch", () => {
  it.each([
    ["nothing changed", { a: { b: [1] } }, { a: { b: [1] } }, undefined],
    ["a new field", {}, { a: 1 }, { a: 1 }],
    ["a removed field", { a: 1, b: 2 }, { b: 2 }, { a: null }],
    ["an undefined field is removed", { a: 1 }, { a: undefined }, { a: null }],
    ["an undefined field that never was", {}, { a: undefined }, undefined],
    ["a nested change only", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, { a: { b: 2 } }],
    ["arrays are replaced whole", { a: [1, 2] }, { a: [1] }, { a: [1] }],
  ])("%s", (_name, before, after, patch) => {
    expect(mergePatch(before, after)).toEqual(patch);
  });
});
