import { expect, test } from "vitest";

test.skip("is left out", () => expect(1).toBe(1));
test.only("is alone", () => expect(1).toBe(1));
test("asserts nothing", () => {
  Math.max(1, 2);
});
test("forgets the matcher", () => {
  expect(1);
});
