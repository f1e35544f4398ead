import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { startLab, type Lab } from "../packages/lab/src/index.ts";
import { imageHas, imageStages } from "./image-files.ts";
import { root, runCommand } from "./run-command.ts";
import { settingsFrom } from "./settings.ts";

const DOCKERFILE = "deploy/images/drover/Dockerfile";
const stages = imageStages(DOCKERFILE);
const read = (path: string): string => readFileSync(join(root, path), "utf8");

type Container = {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
};
type Manifest = {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: Container[] } } };
};
type ComposeService = {
  readonly build?: { readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck: { readonly test: readonly string[] };
};

const compose = parse(read("docker-compose.yml"), { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
};
const services = Object.values(compose.services);
const overlays = readdirSync(join(root, "deploy/overlays")).map(
  (name) => `deploy/overlays/${name}`,
);

/** The manifest files of a folder with a kustomization, those it builds on first. */
function manifestFiles(folder: string): string[] {
  const { resources } = parse(read(`${folder}/kustomization.yaml`)) as { resources: string[] };
  return resources.flatMap((resource) => {
    const path = normalize(join(folder, resource));
    return path.endsWith(".yaml") ? [path] : manifestFiles(path);
  });
}

const manifestsOf = (file: string): Manifest[] =>
  parseAllDocuments(read(file)).map((document) => document.toJS() as Manifest);

const containers = [...new Set(overlays.flatMap(manifestFiles))]
  .flatMap(manifestsOf)
  .flatMap(({ spec }) => spec?.template?.spec.containers ?? []);

/** Variables that processes of ours read, and what they are without being set. */
const configs = [
  "apps/api/src/config.ts",
  "apps/controller/src/config.ts",
  "packages/lab/src/config.ts",
].map(read);
const known = new Set(
  configs.flatMap((text) =>
    [...text.matchAll(/\b(DATABASE_URL|DROVER_[A-Z0-9_]+)\b/g)].map(([name]) => name),
  ),
);
const portOf = (variable: string): number | undefined =>
  settingsFrom({}).ports.find((port) => port.variable === variable)?.port;

test("the image copies what is there, from stages that are there", () => {
  const copies = stages.flatMap((stage) => stage.copies);
  const own = copies.filter(({ stage }) => stage === undefined).flatMap(({ sources }) => sources);
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((source) => !existsSync(join(root, source)))).toEqual([]);
  const ignored = read(".dockerignore").split("\n");
  expect(own.filter((source) => ignored.includes(source))).toEqual([]);
  const names = stages.map(({ name }) => name);
  expect(
    copies.flatMap(({ stage }) => stage ?? []).filter((name) => !names.includes(name)),
  ).toEqual([]);
});

test("the image knows every workspace of the lockfile", () => {
  const lockfile = parse(read("pnpm-lock.yaml")) as { importers: Record<string, unknown> };
  const manifests = Object.keys(lockfile.importers).map((folder) =>
    normalize(`${folder}/package.json`),
  );
  expect(manifests.filter((manifest) => !imageHas(stages, "base", manifest))).toEqual([]);
});

test("the image brings the pnpm of everyday work", () => {
  const [, version] = /PNPM_VERSION = "(.*)"/.exec(read("scripts/bootstrap.mjs")) ?? [];
  expect(read(DOCKERFILE)).toContain(`ARG PNPM_VERSION=${version}\n`);
});

/** Whether the image of a stage lacks the file; told with the stage, for the message. */
const lacking = (stage: string, file: string | undefined): string[] =>
  imageHas(stages, stage, file ?? "") ? [] : [`${stage}: ${file}`];

test("every command runs a file that its image has", () => {
  const built = services.filter(({ build }) => build?.dockerfile === DOCKERFILE);
  expect(built).toHaveLength(3);
  expect(containers).toHaveLength(2);
  const runnable = stages.filter(({ command }) => command !== undefined);
  expect(runnable.map(({ name }) => name)).toEqual(["lab", "drover"]);
  expect([
    ...runnable.flatMap(({ name, command }) => lacking(name, command?.[1])),
    ...built.flatMap(({ build, command }) => lacking(build?.target ?? "", command?.[1])),
    ...built.flatMap(({ build, healthcheck }) => lacking(build?.target ?? "", healthcheck.test[2])),
    ...containers.flatMap(({ command }) => lacking("drover", command[1])),
  ]).toEqual([]);
});

test("every variable that is set is one that a process reads", () => {
  const set = [
    ...services
      .filter(({ build }) => build !== undefined)
      .flatMap(({ environment }) => Object.keys(environment ?? {})),
    ...containers.flatMap(({ env }) => env.map(({ name }) => name)),
    ...[...read(DOCKERFILE).matchAll(/\b(DROVER_[A-Z_]+)=/g)].flatMap(([, name]) => name ?? []),
  ];
  expect(set.length).toBeGreaterThan(8);
  expect(set.filter((name) => !known.has(name))).toEqual([]);
});

test("ports are those the processes listen on", () => {
  const urls = services.flatMap(({ healthcheck }) =>
    healthcheck.test
      .filter((word) => word.startsWith("http"))
      .map((url) => Number(new URL(url).port)),
  );
  const expected = ["DROVER_LAB_OAUTH_PORT", "DROVER_CONTROLLER_PORT", "DROVER_PORT"].map(portOf);
  expect(urls).toEqual(expected);
  const named = containers.flatMap(({ ports }) => ports.map(({ containerPort }) => containerPort));
  expect(named.toSorted()).toEqual([portOf("DROVER_PORT"), portOf("DROVER_CONTROLLER_PORT")]);
  expect(read(DOCKERFILE)).toContain(
    `EXPOSE ${portOf("DROVER_PORT")} ${portOf("DROVER_CONTROLLER_PORT")}`,
  );
});

test("the guide explains every variable", () => {
  const guide = read("docs/guide/environment.md");
  expect([...known].filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

test("every manifest belongs to an overlay", () => {
  const listed = new Set(overlays.flatMap(manifestFiles));
  const files = readdirSync(join(root, "deploy"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml") && !file.endsWith("kustomization.yaml"))
    .map((file) => `deploy/${file}`);
  expect(files.filter((file) => !listed.has(file))).toEqual([]);
});

let lab: Lab;
const stateDir = mkdtempSync(join(tmpdir(), "drover-deploy-"));
beforeAll(async () => {
  lab = await startLab({ stateDir, clusters: ["host"] });
});
afterAll(async () => {
  await lab.close();
  rmSync(stateDir, { recursive: true });
});

function kubectl(...args: string[]): ReturnType<typeof runCommand> {
  return runCommand("kubectl", ["--kubeconfig", lab.kubeconfigPath, "--context", "host", ...args]);
}

async function applied(folder: string): Promise<string> {
  const path = join(stateDir, "manifests.yaml");
  writeFileSync(path, manifestFiles(folder).map(read).join("\n---\n"));
  const { code, output } = await kubectl("apply", "--filename", path);
  expect(code, output).toBe(0);
  return output;
}

test("a cluster accepts every overlay", async () => {
  for (const overlay of overlays) await applied(overlay);
  const { output } = await kubectl("get", "deployments", "-n", "openshift-migration", "-o", "name");
  expect(output.trim().split("\n")).toEqual([
    "deployment.apps/drover-api",
    "deployment.apps/drover-controller",
  ]);
});

test("the api's account reads migrations and nothing else", async () => {
  await applied("deploy/overlays/openshift");
  const asked = async (...question: string[]): Promise<string> => {
    const as = ["--as", "system:serviceaccount:openshift-migration:drover-api"];
    const { output } = await kubectl(
      "auth",
      "can-i",
      ...question,
      "-n",
      "openshift-migration",
      ...as,
    );
    return output.trim();
  };
  expect(await asked("watch", "migmigrations.migration.openshift.io")).toBe("yes");
  expect(await asked("create", "migmigrations.migration.openshift.io")).toMatch(/^no/);
  expect(await asked("get", "secrets")).toMatch(/^no/);
});
