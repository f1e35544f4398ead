/** What became of the cases on one server. */
export type ServerTally = {
  /** Its name and version. */
  readonly server: string;
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
};

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
  const count = (server: string, wanted: (status: string) => boolean): number =>
    results.filter((result) => result.server === server && wanted(result.status)).length;
  return {
    servers: servers.map((server) => ({
      server,
      passed: count(server, (status) => status === "passed"),
      failed: count(server, (status) => status === "failed"),
      notApplicable: count(server, (status) => status !== "passed" && status !== "failed"),
    })),
    differences: differencesIn(results),
  };
}

/** One line for each server; the first is the lab's, the last says so when no real one ran. */
export function reportLines(
  { servers, differences }: ConformanceReport,
  { isRealRequired = false } = {},
): readonly string[] {
  const real = realServerOf({ servers, differences });
  return [
    ...servers.map(
      ({ server, passed, failed, notApplicable }) =>
        `conformance of ${server}: ${passed} passed, ${failed} failed, ${notApplicable} not applicable`,
    ),
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

/** The real server of a report; undefined when none ran. */
export function realServerOf({ servers }: ConformanceReport): ServerTally | undefined {
  return servers.find(({ server }) => server.startsWith("kube-apiserver "));
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
