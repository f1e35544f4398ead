import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conformanceReport, realServerOf, reportLines } from "./conformance-report.ts";
import { installDependencies } from "./prepare.ts";
import { killCommands, Refusal, root, runCommand } from "./run-command.ts";

const HELP = `npm run conformance                    asks the lab, and a real kube-apiserver when there is one, every case
npm run conformance -- --require-kube  fails when there is none
npm run conformance -- -t WORDS        only the cases with these words in their names`;

const reports = mkdtempSync(join(tmpdir(), "drover-conformance-"));

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) {
    console.log(HELP);
    return 0;
  }
  const isRequired = args.includes("--require-kube");
  await installDependencies();
  const file = join(reports, "report.json");
  const startedAt = performance.now();
  const { code } = await runCommand(
    join(root, "node_modules/.bin/vitest"),
    [
      "run",
      "--project=conformance",
      "--reporter=dot",
      "--reporter=json",
      `--outputFile.json=${file}`,
      ...args.filter((arg) => arg !== "--require-kube"),
    ],
    { isShown: true, env: isRequired ? { DROVER_REQUIRE_KUBE: "1" } : {} },
  );
  const report = conformanceReport(existsSync(file) ? readFileSync(file, "utf8") : undefined);
  console.log(reportLines(report, { isRealRequired: isRequired }).join("\n"));
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return isRequired && realServerOf(report) === undefined ? 1 : code;
}

function interrupt(): void {
  killCommands();
  rmSync(reports, { recursive: true, force: true });
  process.exit(1);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
process.on("disconnect", interrupt);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 1;
}
rmSync(reports, { recursive: true, force: true });
process.off("disconnect", interrupt);
process.disconnect?.();
