import { playwrightFailures, vitestFailures } from "./failures.ts";

/** What a stage of the tests came to; `failures` says what failed, and how. */
export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
};

type Run = { readonly code: number; readonly report: string | undefined };

/** Counts a vitest run from its JSON report. Whatever went wrong beside the tests is one failure more. */
export function vitestTally({ code, report }: Run): Tally {
  const parsed = parseReport(report);
  const passed = countOf(parsed, "numPassedTests");
  const files = Array.isArray(parsed?.["testResults"]) ? parsed["testResults"] : [];
  // A file that cannot be loaded fails without a single test in it.
  const brokenFiles = files.filter((file: FileResult) => isBroken(file)).length;
  const failed = countOf(parsed, "numFailedTests") + brokenFiles;
  const skipped = countOf(parsed, "numPendingTests") + countOf(parsed, "numTodoTests");
  return withCrash({ passed, failed, skipped, failures: vitestFailures(parsed) }, code);
}

/** Counts a Playwright run from its JSON report; a test that needed a second try is passed. */
export function playwrightTally({ code, report }: Run): Tally {
  const parsed = parseReport(report);
  const stats = parsed?.["stats"] as Record<string, unknown> | undefined;
  const passed = countOf(stats, "expected") + countOf(stats, "flaky");
  const counts = {
    passed,
    failed: countOf(stats, "unexpected"),
    skipped: countOf(stats, "skipped"),
    failures: playwrightFailures(parsed),
  };
  return withCrash(counts, code);
}

export function sumOf(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, tally) => ({
      passed: sum.passed + tally.passed,
      failed: sum.failed + tally.failed,
      skipped: sum.skipped + tally.skipped,
      failures: [...sum.failures, ...tally.failures],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [] },
  );
}

// A runner that dies, or finds nothing to run, must not look like success.
function withCrash(tally: Tally, code: number): Tally {
  const isCrash = (code !== 0 && tally.failed === 0) || tally.passed + tally.failed === 0;
  if (!isCrash) return tally;
  const failures = [...tally.failures, `the runner itself, which ended with code ${code}`];
  return { ...tally, failed: tally.failed + 1, failures };
}

type FileResult = { readonly status?: string; readonly assertionResults?: readonly unknown[] };

function isBroken(file: FileResult): boolean {
  return file.status === "failed" && (file.assertionResults ?? []).length === 0;
}

function countOf(record: Record<string, unknown> | undefined, field: string): number {
  const value = record?.[field];
  return typeof value === "number" ? value : 0;
}

function parseReport(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Cut off in the middle: the runner died, which counts by itself.
    return undefined;
  }
}
