import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./run-command.ts";

/** Of a message, so much: enough for an assertion and where it stands, not for a whole log. */
const MESSAGE_LINES = 14;

// What is read of the runners' reports. These lines run before any package is installed, so no schema checks them.
type VitestFile = {
  readonly name?: string;
  readonly status?: string;
  readonly message?: string;
  readonly assertionResults?: readonly VitestTest[];
};
type VitestTest = {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[] | null;
};
type PlaywrightSuite = {
  readonly specs?: readonly PlaywrightSpec[];
  readonly suites?: readonly PlaywrightSuite[];
};
type PlaywrightSpec = {
  readonly title: string;
  readonly file: string;
  readonly tests: readonly PlaywrightTest[];
};
type PlaywrightTest = {
  readonly status: string;
  readonly results: readonly { readonly error?: { readonly message?: string } }[];
};

/**
 * What failed in a vitest run: file, test and the beginning of its message, a failure each.
 *
 * @param report the run's JSON report; one of another shape tells nothing
 */
export function vitestFailures(report: Readonly<Record<string, unknown>> | undefined): string[] {
  return listIn<VitestFile>(report, "testResults").flatMap((file) => {
    const path = relative(root, file.name ?? root);
    const tests = file.assertionResults ?? [];
    if (file.status === "failed" && tests.length === 0) return [failure(path, file.message)];
    return tests
      .filter(({ status }) => status === "failed")
      .map((test) => failure(`${path} › ${test.fullName}`, test.failureMessages?.[0]));
  });
}

/** The same of a Playwright run; a test that passed at its second try did not fail. */
export function playwrightFailures(
  report: Readonly<Record<string, unknown>> | undefined,
): string[] {
  return listIn<PlaywrightSuite>(report, "suites").flatMap(specsOf).flatMap(failuresOfSpec);
}

function listIn<T>(report: Readonly<Record<string, unknown>> | undefined, name: string): T[] {
  const list = report?.[name];
  return Array.isArray(list) ? (list as T[]) : [];
}

function specsOf({ specs = [], suites = [] }: PlaywrightSuite): PlaywrightSpec[] {
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
