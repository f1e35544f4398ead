import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Refusal, root, runCommand, type CommandOptions } from "./run-command.ts";

const SKIPPED = new Set(["node_modules", "out", "generated", "test-results"]);

type Step = {
  readonly name: string;
  /** Files and folders the result depends on. */
  readonly inputs: readonly string[];
  /** Has to exist besides the stamp. */
  readonly result: string;
  readonly stamp: string;
  readonly command: readonly [string, ...string[]];
  readonly options?: CommandOptions;
};

const WORKSPACES = ["apps", "packages"];

/** Dependencies as the lockfile says; quick when they are in place. */
export async function installDependencies(): Promise<void> {
  const manifests = WORKSPACES.flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "package.json")),
  );
  await runStep({
    name: "dependencies",
    inputs: [
      "pnpm-lock.yaml",
      "pnpm-workspace.yaml",
      "package.json",
      "e2e/package.json",
      ...manifests,
    ],
    result: "node_modules/.modules.yaml",
    stamp: "node_modules/.drover-inputs",
    command: ["pnpm", "install", "--frozen-lockfile"],
    // Without a terminal to ask at, pnpm must not stop to ask before it relinks.
    options: { env: { CI: "true" } },
  });
}

/** The database client, from the schema. */
export async function generateDatabaseClient(): Promise<void> {
  await runStep({
    name: "database client",
    inputs: ["prisma/schema.prisma", "pnpm-lock.yaml"],
    result: "apps/api/src/generated/client.ts",
    stamp: "apps/api/src/generated/.drover-inputs",
    command: ["node_modules/.bin/prisma", "generate", "--schema", "../../prisma/schema.prisma"],
    options: {
      cwd: join(root, "apps/api"),
      // Generating needs no engine, and the engine's host is no package registry.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true", CHECKPOINT_DISABLE: "1" },
    },
  });
}

/** The console as static files. */
export async function buildConsole(): Promise<void> {
  await runStep({
    name: "console",
    inputs: [
      "apps/console",
      "packages/contract",
      "packages/crds",
      "pnpm-lock.yaml",
      "tsconfig.base.json",
    ],
    result: "apps/console/out/index.html",
    stamp: "apps/console/.next/.drover-inputs",
    command: ["node_modules/.bin/next", "build"],
    options: { cwd: join(root, "apps/console"), env: { NEXT_TELEMETRY_DISABLED: "1" } },
  });
}

async function runStep(step: Step): Promise<void> {
  const wanted = digest(step.inputs);
  const stamp = join(root, step.stamp);
  const isFresh = existsSync(join(root, step.result)) && readStamp(stamp) === wanted;
  if (isFresh) return;
  rmSync(stamp, { force: true });
  process.stdout.write(`Preparing ${step.name} …\n`);
  const [command, ...args] = step.command;
  const { code, output, ms } = await runCommand(command, args, step.options);
  if (code !== 0) {
    throw new Refusal(
      `${output.trim()}\nPreparing ${step.name} failed (${step.command.join(" ")}, exit code ${code}); its message is above.`,
    );
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  console.log(`Prepared ${step.name} in ${(ms / 1000).toFixed(1)} s.`);
}

function readStamp(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function digest(inputs: readonly string[]): string {
  const hash = createHash("sha256").update(process.version);
  for (const path of inputs.flatMap((input) => filesAt(input)).sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex");
}

function filesAt(path: string): string[] {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    const isSkipped = SKIPPED.has(entry.name) || entry.name.startsWith(".");
    const isBuilt = /\.tsbuildinfo$|^next-env\.d\.ts$|\.test\.tsx?$/.test(entry.name);
    return isSkipped || isBuilt ? [] : filesAt(join(path, entry.name));
  });
}
