import { execFile, spawn } from "node:child_process";
import { accessSync, constants, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { findKubeAssets } from "../kubeserver/kube-assets.ts";
import type { ServerUnderTest } from "./server-under-test.ts";
import { isAtLeast } from "../kubeserver/server-version.ts";

/** An outside client. */
export type Kubectl = {
  readonly file: string;
  /** Without the v: `1.32.4`. */
  readonly version: string;
};

export type KubectlResult = { readonly code: number; readonly out: string; readonly err: string };

type Environment = Readonly<Record<string, string | undefined>>;

const PLACES = ["/usr/local/bin", "/usr/bin", "/bin"];

const run = promisify(execFile);

/** The kubectls to ask the cases with, oldest first: the oldest and the newest at hand, or every one where that is wanted. */
export async function findKubectls(environment: Environment): Promise<readonly Kubectl[]> {
  const every = await everyKubectl(environment);
  if (every.length < 3 || environment["DROVER_EVERY_KUBECTL"] === "1") return every;
  return [every.at(0), every.at(-1)].filter((kubectl) => kubectl !== undefined);
}

/** The machine's, those of other versions beside it, and the one that came with the real API server. */
async function everyKubectl(environment: Environment): Promise<readonly Kubectl[]> {
  const own = PLACES.map((place) => join(place, "kubectl")).find(isExecutable);
  const files = [
    ...(own === undefined ? [] : [own, ...versionsBeside(realpathSync(own))]),
    findKubeAssets(environment)?.kubectl,
  ];
  const byVersion = new Map<string, Kubectl>();
  for (const file of files) {
    const version = file === undefined ? undefined : await versionOf(file);
    if (file === undefined || version === undefined || byVersion.has(version)) continue;
    byVersion.set(version, { file, version });
  }
  return [...byVersion.values()].sort((a, b) => (isAtLeast(a.version, b.version) ? 1 : -1));
}

/** Cloud SDKs keep `kubectl.1.31` and others beside a `kubectl` that chooses among them. */
function versionsBeside(file: string): readonly string[] {
  const directory = dirname(file);
  return readdirSync(directory)
    .filter((name) => /^kubectl\.\d+\.\d+$/.test(name))
    .map((name) => join(directory, name));
}

/** Undefined for one that only chooses another. */
async function versionOf(file: string): Promise<string | undefined> {
  const { stdout } = await run(file, ["version", "--client", "--output=json"]);
  const { clientVersion } = JSON.parse(stdout) as {
    readonly clientVersion: { readonly gitVersion: string };
  };
  if (clientVersion.gitVersion.endsWith("-dispatcher")) return undefined;
  return /\d+\.\d+\.\d+/.exec(clientVersion.gitVersion)?.[0];
}

/** Runs kubectl to its end. */
export async function runKubectl(
  { file }: Kubectl,
  args: readonly string[],
  input: string | undefined,
): Promise<KubectlResult> {
  const child = run(file, [...args], { timeout: 30_000 });
  child.child.stdin?.end(input ?? "");
  try {
    const { stdout, stderr } = await child;
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const failed = error as { code?: unknown; stdout?: string; stderr?: string };
    const code = typeof failed.code === "number" ? failed.code : 1;
    return { code, out: failed.stdout ?? "", err: failed.stderr ?? "" };
  }
}

/** A kubectl that goes on until it is stopped. */
export type FollowedKubectl = {
  /** The next line it prints; fails when it ends before. */
  next(): Promise<string>;
  stop(): void;
};

/** Starts a kubectl that watches. */
export function followKubectl({ file }: Kubectl, args: readonly string[]): FollowedKubectl {
  const child = spawn(file, [...args], { stdio: ["ignore", "pipe", "inherit"], timeout: 30_000 });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value } = await lines.next();
      if (done === true) throw new Error(`kubectl ${args.join(" ")} ended before its next line`);
      return value;
    },
    stop: () => void child.kill(),
  };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A kubeconfig with which kubectl is the server's administrator. */
export function kubeconfigOf(server: ServerUnderTest): string {
  const name = "server";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: server.url,
          "certificate-authority-data": Buffer.from(server.caPem).toString("base64"),
        },
      },
    ],
    users: [{ name, user: { token: server.adminToken } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}
