/** What became of the cases on one server. */
export type ServerTally = {
  /** Its name and version. */
  readonly server: string;
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
  /** Of these, those that one kubectl asked. */
  readonly kubectls: readonly KubectlTally[];
};

type KubectlTally = { readonly version: string; readonly passed: number; readonly failed: number };

export type ConformanceReport = {
  readonly servers: readonly ServerTally[];
  /** Cases that one server passes and another does not. */
  readonly differences: readonly string[];
};

type Assertion = {
  readonly ancestorTitles?: readonly string[];
  readonly title?: string;
  readonly status?: string;
};

type Result = { readonly server: string; readonly case: string; readonly status: string };

/** Reads the cases of each server from the report of vitest; its outermost description names the server. */
export function conformanceReport(report: string | undefined): ConformanceReport {
  const results = resultsIn(report);
  const servers = [...new Set(results.map(({ server }) => server))];
  return {
    servers: servers.map((server) =>
      tallyOf(
        server,
        results.filter((result) => result.server === server),
      ),
    ),
    differences: differencesIn(results),
  };
}

function tallyOf(server: string, results: readonly Result[]): ServerTally {
  const [passed, failed] = [countOf(results, "passed"), countOf(results, "failed")];
  const byKubectl = Map.groupBy(results, ({ case: name }) => KUBECTL.exec(name)?.[1]);
  return {
    server,
    passed,
    failed,
    notApplicable: results.length - passed - failed,
    kubectls: [...byKubectl].flatMap(([version, asked]) =>
      version === undefined
        ? []
        : [{ version, passed: countOf(asked, "passed"), failed: countOf(asked, "failed") }],
    ),
  };
}

/** How the name of a case says which kubectl asked. */
const KUBECTL = /\[kubectl ([^\]]+)\]/;

function countOf(results: readonly Result[], status: string): number {
  return results.filter((result) => result.status === status).length;
}

/** One line for each server; the first is the lab's, the last says so when no real one ran. */
export function reportLines(
  { servers, differences }: ConformanceReport,
  { isRealRequired = false } = {},
): readonly string[] {
  const real = realServerOf({ servers, differences });
  return [
    ...servers.flatMap(({ server, passed, failed, notApplicable, kubectls }) => [
      `conformance of ${server}: ${passed} passed, ${failed} failed, ${notApplicable} not applicable`,
      ...kubectls.map((kubectl) => kubectlLine(server, kubectl)),
    ]),
    ...differences.map((difference) => `differs: ${difference}`),
    ...(real === undefined
      ? [
          isRealRequired
            ? "real kube-apiserver: not run, and this run requires it (npm run kube-assets says what is in the way)"
            : "real kube-apiserver: not run (npm run kube-assets fetches it)",
        ]
      : []),
  ];
}

function kubectlLine(server: string, { version, passed, failed }: KubectlTally): string {
  return `kubectl ${version} on ${server}: ${passed} passed, ${failed} failed`;
}

/** The real server of a report; undefined when none ran. */
export function realServerOf({ servers }: ConformanceReport): ServerTally | undefined {
  return servers.find(({ server }) => /^kube-apiserver \d/.test(server));
}

function differencesIn(results: readonly Result[]): readonly string[] {
  const byCase = Map.groupBy(results, (result) => result.case);
  return [...byCase].flatMap(([name, outcomes]) => {
    const isPassed = outcomes.some(({ status }) => status === "passed");
    const failed = outcomes.filter(({ status }) => status === "failed");
    return isPassed ? failed.map(({ server }) => `${name} fails on ${server}`) : [];
  });
}

function resultsIn(report: string | undefined): readonly Result[] {
  if (report === undefined) return [];
  const { testResults = [] } = JSON.parse(report) as {
    readonly testResults?: readonly { readonly assertionResults?: readonly Assertion[] }[];
  };
  return testResults
    .flatMap(({ assertionResults = [] }) => assertionResults)
    .flatMap(({ ancestorTitles = [], title = "", status = "" }) => {
      const [server, ...suite] = ancestorTitles;
      return server === undefined ? [] : [{ server, case: [...suite, title].join(": "), status }];
    });
}
