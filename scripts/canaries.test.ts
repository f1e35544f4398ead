import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { coverageProblems } from "./coverage-table.ts";
import { documentProblems } from "./document-claims.ts";
import { root, runCommand, type CommandResult } from "./run-command.ts";

const canaries = join(root, "scripts", "canaries");

function runTool(folder: string, tool: string, args: readonly string[]): Promise<CommandResult> {
  const cwd = join(canaries, folder);
  return runCommand(join(root, "node_modules", ".bin", tool), args, { cwd });
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "drover-canary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test("the format check catches an unformatted file", async () => {
  const result = await runTool("format", "prettier", [
    "--check",
    "--ignore-path",
    "/dev/null",
    "unformatted.ts",
  ]);
  expect(result.code).toBe(1);
  expect(result.output).toContain("unformatted.ts");
});

test("the linter catches a violation of every rule we set", async () => {
  const result = await runTool("lint", "oxlint", [
    "-c",
    "canary.oxlintrc.json",
    "--type-aware",
    "-f",
    "unix",
  ]);
  expect(result.code).toBe(1);
  const fired = new Set(
    [...result.output.matchAll(/\[Error\/([\w-]+)\(([\w-]+)\)\]/g)].map(([, , rule]) => rule),
  );
  const silent = rulesWeSet().filter((rule) => !fired.has(rule));
  expect(silent).toEqual([]);
});

function rulesWeSet(): string[] {
  const text = readFileSync(join(root, ".oxlintrc.json"), "utf8").replace(/^\s*\/\/.*$/gm, "");
  const { rules } = JSON.parse(text) as { rules: Record<string, unknown> };
  return Object.entries(rules)
    .filter(([, setting]) => setting !== "off")
    .map(([name]) => name.split("/").at(-1) ?? name);
}

test("the compiler catches what the strict settings forbid", async () => {
  const result = await runTool("types", "tsc", ["--noEmit", "-p", "."]);
  expect(result.code).not.toBe(0);
  for (const code of ["TS2322", "TS2375", "TS1294", "TS7006"])
    expect(result.output).toContain(code);
});

test("the direction check catches a violation of every arrow", async () => {
  const result = await runTool("direction", "depcruise", [
    "--config",
    join(root, "dependency-rules.cjs"),
    "apps",
    "packages",
    "scripts",
  ]);
  expect(result.code).not.toBe(0);
  const fired = new Set([...result.output.matchAll(/error ([\w-]+):/g)].map(([, name]) => name));
  const { forbidden } = createRequire(import.meta.url)("../dependency-rules.cjs") as {
    forbidden: { name: string }[];
  };
  expect(forbidden.map(({ name }) => name).filter((name) => !fired.has(name))).toEqual([]);
});

test("the dead code check catches an orphan, an unused export and an unused dependency", async () => {
  const result = await runTool("dead-code", "knip", ["--directory", ".", "--no-progress"]);
  expect(result.code).toBe(1);
  for (const name of ["src/orphan.ts", "unusedExport", "left-pad"])
    expect(result.output).toContain(name);
});

test("the document check catches lost paths, links and commands", () => {
  const folder = folderWith({
    "package.json": '{ "scripts": { "start": "x" } }',
    "README.md": [
      "Run `npm start`, then `npm run dance`; npm alone is enough.",
      "See `scripts/gone.ts`, `scripts/here.ts:12`, `apps/*/src` and [this](docs/gone.md).",
      "pnpm nothing",
    ].join("\n"),
    "scripts/here.ts": "",
    "apps/api/src/main.ts": "",
    "ARCHITECTURE.md": "",
    "AGENTS.md": "",
  });
  expect(documentProblems(folder)).toEqual([
    "docs/coverage.md does not exist.",
    "README.md:1 names npm run dance, which does not exist.",
    "README.md:2 names scripts/gone.ts, which does not exist.",
    "README.md:2 names docs/gone.md, which does not exist.",
    "README.md:3 names pnpm nothing, which does not exist.",
  ]);
});

test("the coverage check catches a claimed test that is not there, silence, and a missing row", () => {
  const folder = folderWith({
    "a.test.ts": "",
    "docs/coverage.md": [
      "| Row | Shown by |",
      "| SD-001 | `a.test.ts` |",
      "| SD-002 | `gone.test.ts` |",
      "| SD-003–SD-005 | open |",
      "| SD-006 | works |",
    ].join("\n"),
  });
  expect(coverageProblems(folder, { SD: 8 })).toEqual([
    "docs/coverage.md:3 names the test gone.test.ts, which does not exist.",
    "docs/coverage.md:5 names no test and does not say open.",
    "docs/coverage.md has no row for 2 of SD (SD-7, SD-8).",
  ]);
});
