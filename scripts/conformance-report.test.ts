import { describe, expect, it } from "vitest";
import { conformanceReport, realServerOf, reportLines } from "./conformance-report.ts";

type Outcome = readonly [server: string, title: string, status: string];

function reportOf(outcomes: readonly Outcome[]): string {
  const assertionResults = outcomes.map(([server, title, status]) => ({
    ancestorTitles: [server, "watches"],
    title,
    status,
  }));
  return JSON.stringify({ testResults: [{ assertionResults }] });
}

describe("the report on conformance", () => {
  it("counts the cases of each server by its name and version", () => {
    const report = reportOf([
      ["lab 1.31.0", "a", "passed"],
      ["lab 1.31.0", "b", "passed"],
      ["kube-apiserver 1.20.2", "a", "passed"],
      ["kube-apiserver 1.20.2", "b [not applicable: came with 1.24]", "skipped"],
    ]);
    expect(reportLines(conformanceReport(report))).toEqual([
      "conformance of lab 1.31.0: 2 passed, 0 failed, 0 not applicable",
      "conformance of kube-apiserver 1.20.2: 1 passed, 0 failed, 1 not applicable",
    ]);
  });

  it("counts those that each kubectl asked once more", () => {
    const report = reportOf([
      ["lab 1.31.0", "a", "passed"],
      ["lab 1.31.0", "scales [kubectl 1.20.2]", "failed"],
      ["lab 1.31.0", "scales [kubectl 1.32.4]", "passed"],
    ]);
    expect(reportLines(conformanceReport(report)).slice(0, 3)).toEqual([
      "conformance of lab 1.31.0: 2 passed, 1 failed, 0 not applicable",
      "kubectl 1.20.2 on lab 1.31.0: 0 passed, 1 failed",
      "kubectl 1.32.4 on lab 1.31.0: 1 passed, 0 failed",
    ]);
  });

  it("names what one server does and the other does not", () => {
    const report = reportOf([
      ["lab 1.31.0", "ends", "passed"],
      ["kube-apiserver 1.20.2", "ends", "failed"],
    ]);
    expect(conformanceReport(report).differences).toEqual([
      "watches: ends fails on kube-apiserver 1.20.2",
    ]);
  });

  it("says that no real server ran", () => {
    const report = conformanceReport(reportOf([["lab 1.31.0", "a", "passed"]]));
    expect(realServerOf(report)).toBeUndefined();
    expect(reportLines(report).at(-1)).toMatch(/^real kube-apiserver: not run/);
  });

  it("says that a real server was required where it was", () => {
    const report = conformanceReport(reportOf([["lab 1.31.0", "a", "passed"]]));
    expect(reportLines(report, { isRealRequired: true }).at(-1)).toMatch(
      /^real kube-apiserver: not run, and this run requires it/,
    );
  });

  it("says so too when the tests never came to a report", () => {
    expect(reportLines(conformanceReport(undefined))).toEqual([
      expect.stringMatching(/^real kube-apiserver: not run/),
    ]);
  });
});
