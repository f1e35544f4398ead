import { expect, test } from "vitest";
import { playwrightTally, sumOf, vitestTally } from "./tally.ts";

const vitest = (counts: object): string => JSON.stringify({ testResults: [], ...counts });

test("counts what passed, failed and was skipped", () => {
  const report = vitest({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 1 });
  expect(vitestTally({ code: 1, report })).toMatchObject({
    passed: 5,
    failed: 2,
    skipped: 1,
  });
  const stats = { stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 } };
  expect(playwrightTally({ code: 1, report: JSON.stringify(stats) })).toMatchObject({
    passed: 4,
    failed: 1,
    skipped: 2,
  });
});

test("a file that cannot be loaded is a failure", () => {
  const broken = { status: "failed", assertionResults: [] };
  const report = vitest({ numPassedTests: 5, testResults: [broken] });
  expect(vitestTally({ code: 1, report }).failed).toBe(1);
});

test.each([
  ["died without a report", { code: 1, report: undefined }],
  ["was cut off in its report", { code: 137, report: '{"numPassedTests": 5' }],
  ["failed although every test passed", { code: 1, report: vitest({ numPassedTests: 5 }) }],
  ["found nothing to run", { code: 0, report: vitest({ numPassedTests: 0 }) }],
])("a runner that %s is a failure", (_what, run) => {
  expect(vitestTally(run).failed).toBe(1);
  expect(playwrightTally({ ...run, report: undefined }).failed).toBe(1);
});

test("adds up", () => {
  const one = { passed: 1, failed: 2, skipped: 3, failures: ["a", "b"] };
  expect(sumOf([one, one])).toEqual({
    passed: 2,
    failed: 4,
    skipped: 6,
    failures: ["a", "b", "a", "b"],
  });
});
