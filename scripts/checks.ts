import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root, runCommand, type CommandResult } from "./run-command.ts";

export type Check = { readonly name: string; readonly run: () => Promise<CommandResult> };

/** Every static check, cheap first. */
export function staticChecks(): Check[] {
  return [
    tool("format", "prettier", ["--check", "--log-level", "warn", "."]),
    tool("lint", "oxlint", [
      "--type-aware",
      "--deny-warnings",
      "--report-unused-disable-directives",
    ]),
    tool("direction", "depcruise", [
      "--config",
      "dependency-rules.cjs",
      "apps",
      "packages",
      "e2e",
      "bench",
      "scripts",
    ]),
    tool("dead code", "knip", ["--no-progress"]),
    { name: "documents", run: () => runCommand(process.execPath, ["scripts/check-docs.ts"]) },
    ...typedFolders().map((folder) =>
      tool(`types of ${folder}`, "tsc", ["--noEmit", "-p", folder]),
    ),
  ];
}

export type CheckOutcome = { readonly name: string; readonly result: CommandResult };

/** Runs the checks side by side, as many as there are cores, and tells each outcome as it comes. */
export async function runChecks(checks: readonly Check[]): Promise<CheckOutcome[]> {
  const waiting = [...checks];
  const outcomes: CheckOutcome[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcome = { name: check.name, result: await check.run() };
      outcomes.push(outcome);
      tell(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  return outcomes;
}

function tell({ name, result }: CheckOutcome): void {
  const seconds = (result.ms / 1000).toFixed(1).padStart(6);
  console.log(`${result.code === 0 ? "ok    " : "FAILED"} ${seconds} s  ${name}`);
  if (result.code !== 0) console.log(indented(result.output));
}

function indented(text: string): string {
  return text.trim().replaceAll(/^/gm, "    ");
}

function tool(name: string, command: string, args: readonly string[]): Check {
  return { name, run: () => runCommand(join(root, "node_modules", ".bin", command), args) };
}

function typedFolders(): string[] {
  const workspaces = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name)),
  );
  return [...workspaces, "e2e", "scripts", "bench"].filter((folder) =>
    existsSync(join(root, folder, "tsconfig.json")),
  );
}
