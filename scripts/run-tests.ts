import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKubeAssets } from "../packages/lab/src/kubeserver/kube-assets.ts";
import { runChecks, staticChecks } from "./checks.ts";
import { conformanceReport, reportLines } from "./conformance-report.ts";
import { buildConsole, generateDatabaseClient, installDependencies } from "./prepare.ts";
import { killCommands, Refusal, root, runCommand, type CommandOptions } from "./run-command.ts";
import { supplyKubeAssets } from "./supply-kube-assets.ts";
import { playwrightTally, sumOf, vitestTally, type Tally } from "./tally.ts";
import { browserPath, requireTools, TEST_TOOLS } from "./system-tools.ts";

const reports = mkdtempSync(join(tmpdir(), "drover-test-"));
const bin = (name: string): string => join(root, "node_modules", ".bin", name);

/** There, what would be skipped for want of a real server fails. */
const isCi = /^(1|true)$/.test(process.env["CI"] ?? "");

type Stage = { readonly name: string; readonly run: () => Promise<Tally> };

/** In order of what a person wants to know first; each runs whatever became of the ones before. */
const stages: readonly Stage[] = [
  ...(isCi ? [{ name: "real kube-apiserver", run: realServer }] : []),
  { name: "checks", run: checks },
  { name: "unit and integration tests", run: () => vitest("tests", ["node", "console"]) },
  { name: "conformance", run: () => vitest("conformance", ["conformance"]) },
  { name: "journeys", run: () => journeys("journeys", { args: [], env: {} }) },
  { name: "journeys on kube-apiserver", run: journeysOnKube },
];

/** Those that move something: what they show depends on the API servers below. */
const KUBE_JOURNEYS = [
  "first-migration",
  "by-hand",
  "cancel",
  "indirect-migration",
  "killed-controller",
];

async function main(): Promise<number> {
  const startedAt = performance.now();
  await requireTools(TEST_TOOLS);
  await installDependencies();
  await generateDatabaseClient();
  const tallies: Tally[] = [];
  const summary: string[] = [];
  for (const stage of stages) {
    console.log(`\n── ${stage.name} ──`);
    const stageStart = performance.now();
    const tally = await stage.run().catch(crashed);
    tallies.push(tally);
    summary.push(summaryLine(stage.name, tally, performance.now() - stageStart));
  }
  const { passed, failed, failures } = sumOf(tallies);
  // At the end, because of a long log only the end may be kept.
  if (failures.length > 0) console.log(`\nnot ok:\n\n${failures.slice(0, 10).join("\n\n")}`);
  console.log(`\n${summary.join("\n")}`);
  console.log(`all stages                  ${secondsSince(startedAt)} s`);
  const conformance = conformanceReport(readReport(reportOf("conformance")));
  console.log(reportLines(conformance, { isRealRequired: isCi }).join("\n"));
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function realServer(): Promise<Tally> {
  try {
    console.log(await supplyKubeAssets(process.env, (line) => console.log(line)));
    return { passed: 1, failed: 0, skipped: 0, failures: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    return { passed: 0, failed: 1, skipped: 0, failures: [error.message] };
  }
}

async function checks(): Promise<Tally> {
  // The build needs one core for a while, the checks leave one: the journeys find it done.
  const [outcomes, isBuilt] = await Promise.all([runChecks(staticChecks()), build()]);
  const failures = outcomes
    .filter(({ result }) => result.code !== 0)
    .map(({ name }) => `check: ${name}`);
  if (!isBuilt) failures.push("the console's build");
  const failed = failures.length;
  return { passed: outcomes.length + 1 - failed, failed, skipped: 0, failures };
}

async function build(): Promise<boolean> {
  try {
    await buildConsole();
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

async function vitest(name: string, projects: readonly string[]): Promise<Tally> {
  const report = reportOf(name);
  const args = [
    "run",
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const env = isCi ? { DROVER_REQUIRE_KUBE: "1" } : {};
  const { code } = await runShown(bin("vitest"), args, { env });
  return vitestTally({ code, report: readReport(report) });
}

/** The lab's clusters on real kube-apiservers; only where there is one, and always there where one is required. */
function journeysOnKube(): Promise<Tally> {
  if (!isCi && findKubeAssets(process.env) === undefined) {
    console.log("not run: there is no kube-apiserver (npm run kube-assets fetches one)");
    const skipped = KUBE_JOURNEYS.length;
    return Promise.resolve({ passed: 0, failed: 0, skipped, failures: [] });
  }
  const env = { DROVER_LAB_APISERVER: "kube" };
  return journeys("journeys-on-kube", { args: KUBE_JOURNEYS, env });
}

async function journeys(
  name: string,
  { args, env }: { readonly args: readonly string[]; readonly env: Record<string, string> },
): Promise<Tally> {
  const report = reportOf(name);
  const browser = browserPath();
  const { code } = await runShown(
    join(root, "e2e", "node_modules", ".bin", "playwright"),
    ["test", "--reporter=list,json", ...args],
    {
      cwd: join(root, "e2e"),
      env: {
        ...env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        ...(browser === undefined ? {} : { CHROMIUM: browser }),
      },
    },
  );
  return playwrightTally({ code, report: readReport(report) });
}

function runShown(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<{ code: number }> {
  return runCommand(command, args, { ...options, isShown: true });
}

function reportOf(name: string): string {
  return join(reports, `${name}.json`);
}

function readReport(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function crashed(error: unknown): Tally {
  console.error(error);
  return { passed: 0, failed: 1, skipped: 0, failures: [String(error)] };
}

function summaryLine(name: string, { passed, failed, skipped }: Tally, ms: number): string {
  const extra = skipped > 0 ? `, ${skipped} skipped` : "";
  return `${name.padEnd(27)} ${(ms / 1000).toFixed(1)} s: ${passed} ok, ${failed} not ok${extra}`;
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

let isInterrupted = false;
function interrupt(): void {
  if (isInterrupted) return;
  isInterrupted = true;
  killCommands();
  rmSync(reports, { recursive: true, force: true });
  console.log("Interrupted.");
  process.exit(1);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
process.on("disconnect", interrupt);

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
rmSync(reports, { recursive: true, force: true });
// The channel to the wrapper would keep the process; closing it is no interruption.
isInterrupted = true;
process.disconnect?.();
