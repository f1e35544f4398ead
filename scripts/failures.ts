import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import { root } from "./run-command.ts";

/** Of a message, so much: enough for an assertion and where it stands, not for a whole log. */
const MESSAGE_LINES = 14;

const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string().optional(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const PlaywrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(
        z.object({ error: z.object({ message: z.string().optional() }).optional() }),
      ),
    }),
  ),
});
type PlaywrightSpec = z.infer<typeof PlaywrightSpec>;

const PlaywrightSuite = z.object({
  specs: z.array(PlaywrightSpec).default([]),
  get suites() {
    return z.array(PlaywrightSuite).default([]);
  },
});
type PlaywrightSuite = z.infer<typeof PlaywrightSuite>;

/**
 * What failed in a vitest run: file, test and the beginning of its message, a failure each.
 *
 * @param report the run's JSON report; one of another shape tells nothing
 */
export function vitestFailures(report: unknown): string[] {
  const parsed = VitestReport.safeParse(report);
  if (!parsed.success) return [];
  return parsed.data.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    if (status === "failed" && assertionResults.length === 0) return [failure(file, message)];
    return assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => failure(`${file} › ${test.fullName}`, test.failureMessages?.[0]));
  });
}

/** The same of a Playwright run; a test that passed at its second try did not fail. */
export function playwrightFailures(report: unknown): string[] {
  const parsed = PlaywrightSuite.safeParse(report);
  return parsed.success ? specsOf(parsed.data).flatMap(failuresOfSpec) : [];
}

function specsOf({ specs, suites }: PlaywrightSuite): PlaywrightSpec[] {
  return [...specs, ...suites.flatMap(specsOf)];
}

function failuresOfSpec({ file, title, tests }: PlaywrightSpec): string[] {
  return tests
    .filter(({ status }) => status === "unexpected")
    .map(({ results }) => failure(`${file} › ${title}`, results.at(-1)?.error?.message));
}

function failure(where: string, message = ""): string {
  const lines = stripVTControlCharacters(message).trim().split("\n").slice(0, MESSAGE_LINES);
  return [where, ...lines.map((line) => `    ${line}`)].join("\n").trimEnd();
}
