import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createAuthority,
  findKubeAssets,
  issueCertificate,
  startKubeServer,
  type KubeServer,
} from "@drover/lab";
import type { LabServerReport } from "./lab-server.ts";

const TOKEN = "bench";
const labServerPath = fileURLToPath(new URL("./lab-server.ts", import.meta.url));

/** A server in processes of its own. */
export type BenchedServer = {
  readonly name: string;
  readonly url: string;
  readonly caPem: string;
  readonly token: string;
  /** What its processes hold in memory, each by name. */
  readonly residentMiB: () => Readonly<Record<string, number>>;
  close(): Promise<void>;
};

/** The lab's API server. */
export async function startLabServer(directory: string): Promise<BenchedServer> {
  const child = fork(labServerPath, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const exited = once(child, "exit");
  child.send({ directory, token: TOKEN });
  const died = exited.then(() => {
    throw new Error("The lab's API server ended before it was ready.");
  });
  died.catch(() => undefined);
  const [report] = (await Promise.race([once(child, "message"), died])) as [LabServerReport];
  return {
    name: "lab",
    ...report,
    token: TOKEN,
    residentMiB: () => ({ lab: residentMiB(child.pid ?? 0) }),
    async close() {
      child.disconnect();
      await exited;
    },
  };
}

/** A real kube-apiserver with its etcd; undefined where there is none. */
export async function startRealServer(directory: string): Promise<BenchedServer | undefined> {
  const found = findKubeAssets(process.env);
  if (found === undefined) return undefined;
  // Its controllers would only make noise.
  const { controllerManager: _, ...assets } = found;
  mkdirSync(directory, { recursive: true });
  const authority = await createAuthority("bench");
  const tls = await issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  const server: KubeServer = await startKubeServer({
    assets,
    directory,
    secrets: {
      tls: { caPem: authority.certPem, ...tls },
      staticTokens: { [TOKEN]: { username: "bench", groups: ["system:masters"] } },
    },
    adminToken: TOKEN,
    network: { serviceRange: "10.0.0.0/16" },
    // Its protection against too many requests would be what is measured.
    flags: { "max-requests-inflight": "0", "max-mutating-requests-inflight": "0" },
  });
  const { url, caPem, version } = server;
  return {
    name: `kube-apiserver ${version}`,
    url,
    caPem,
    token: TOKEN,
    residentMiB: () => programsOf(directory),
    close: () => server.close(),
  };
}

/** The programs that were started with something in this folder. */
function programsOf(directory: string): Readonly<Record<string, number>> {
  const programs = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid: Number(pid), args: argumentsOf(pid) }))
    .filter(({ args }) => args.some((arg) => arg.includes(directory)))
    .map(({ pid, args }) => [args[0]?.split("/").at(-1) ?? "", residentMiB(pid)] as const)
    .filter(([name]) => name === "etcd" || name === "kube-apiserver");
  return Object.fromEntries(programs);
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(join("/proc", pid, "cmdline"), "utf8").split("\0");
  } catch {
    // Ended in the meantime.
    return [];
  }
}

function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
