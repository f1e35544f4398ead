import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { connect } from "@drover/kube";
import { pino } from "pino";
import { ServiceAccountTokens } from "../apiserver/auth/service-account-tokens.ts";
import { ObjectStore } from "../apiserver/store/object-store.ts";
import type { TokenSigner } from "../controllers/service-account-controllers.ts";
import { startClusterControllers } from "../controllers/start-cluster-controllers.ts";
import { clusterView } from "../node/runtime/cluster-view.ts";
import { ApiClient } from "./api-client.ts";
import { startProgram } from "./child-program.ts";
import type { ChildProgram } from "./child-program.ts";
import type { KubeAssets } from "./kube-assets.ts";
import { kubeconfigOf } from "./kubectl.ts";
import {
  ADMIN_TOKEN,
  freePorts,
  OUTSIDER,
  OUTSIDER_TOKEN,
  writeServerFiles,
} from "./real-server-files.ts";
import type { RealServerFiles } from "./real-server-files.ts";
import type { RunningServer, ServerUnderTest } from "./server-under-test.ts";
import { isAtLeast } from "./server-version.ts";

const START_MS = 90_000;
const ISSUER = "https://kubernetes.default.svc";

/** Those whose work the lab does too; the others would only wait for nodes. */
const CONTROLLERS = [
  "namespace",
  "garbagecollector",
  "serviceaccount",
  "serviceaccount-token",
  "root-ca-cert-publisher",
  "clusterrole-aggregation",
];

/** The kind whose watches come from etcd itself, so that compacting it ends them. */
const UNCACHED = "podtemplates#0";

type Ports = { readonly etcd: number; readonly peer: number; readonly api: number };

type Started = {
  readonly assets: KubeAssets;
  readonly directory: string;
  readonly files: RealServerFiles;
  readonly ports: Ports;
};

/** Starts etcd and a real kube-apiserver on free ports of the loopback, with Kubernetes' controllers beside it. */
export async function startRealServer(assets: KubeAssets): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), "kube-apiserver-"));
  const programs: ChildProgram[] = [];
  const closers = [
    async (): Promise<void> => {
      for (const program of programs.toReversed()) await program.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  ];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const [etcd = 0, peer = 0, api = 0] = await freePorts(3);
    const started: Started = {
      assets,
      directory,
      files: await writeServerFiles(directory),
      ports: { etcd, peer, api },
    };
    programs.push(startEtcd(started), startKubeApiServer(started));
    const server = await serverOf(started, programs);
    if (assets.controllerManager === undefined) closers.push(await ownControllers(started, server));
    else programs.push(startControllerManager(assets.controllerManager, started, server));
    return { server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startEtcd({ assets, directory, ports }: Started): ChildProgram {
  const clients = `http://127.0.0.1:${ports.etcd}`;
  const peers = `http://127.0.0.1:${ports.peer}`;
  const flags = {
    name: "conformance",
    "data-dir": join(directory, "etcd"),
    "listen-client-urls": clients,
    "advertise-client-urls": clients,
    "listen-peer-urls": peers,
    "initial-advertise-peer-urls": peers,
    "initial-cluster": `conformance=${peers}`,
    "unsafe-no-fsync": "true",
    logger: "zap",
  };
  return startProgram(assets.etcd, flags, join(directory, "etcd.log"));
}

function startKubeApiServer({ assets, directory, files, ports }: Started): ChildProgram {
  const flags = {
    "etcd-servers": `http://127.0.0.1:${ports.etcd}`,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": String(ports.api),
    "cert-dir": directory,
    "tls-cert-file": files.certificate,
    "tls-private-key-file": files.key,
    "client-ca-file": files.ca,
    "token-auth-file": files.tokens,
    "service-account-key-file": files.accountPublicKey,
    "service-account-signing-key-file": files.accountKey,
    "service-account-issuer": ISSUER,
    "service-cluster-ip-range": "10.0.0.0/16",
    "authorization-mode": "RBAC",
    "allow-privileged": "true",
    "endpoint-reconciler-type": "none",
    "watch-cache-sizes": UNCACHED,
    v: "1",
  };
  return startProgram(assets.apiServer, flags, join(directory, "kube-apiserver.log"));
}

function startControllerManager(
  program: string,
  { directory, files }: Started,
  server: ServerUnderTest,
): ChildProgram {
  const kubeconfig = join(directory, "controller-manager.kubeconfig");
  writeFileSync(kubeconfig, kubeconfigOf(server));
  const flags = {
    kubeconfig,
    "bind-address": "127.0.0.1",
    "secure-port": "0",
    // Later ones listen nowhere else, and do not know the flag.
    ...(isAtLeast(server.version, "1.24") ? {} : { port: "0" }),
    "leader-elect": "false",
    "use-service-account-credentials": "false",
    "service-account-private-key-file": files.accountKey,
    "root-ca-file": files.ca,
    "kube-api-qps": "500",
    "kube-api-burst": "1000",
    controllers: CONTROLLERS.join(","),
  };
  return startProgram(program, flags, join(directory, "kube-controller-manager.log"));
}

/** What the lab runs beside its API server, beside this one. */
async function ownControllers(
  { files }: Started,
  { url, caPem, adminToken }: ServerUnderTest,
): Promise<() => Promise<void>> {
  const cluster = connect({ url, caPem, token: adminToken });
  const view = clusterView({ clusterName: "conformance", cluster, log: pino({ level: "silent" }) });
  const tokens = new ServiceAccountTokens(files.keys, new ObjectStore({}), () => new Date());
  const signToken: TokenSigner = (account, secret) => tokens.issueLegacy(account, secret);
  const controllers = await startClusterControllers({ view, caPem, signToken });
  return async () => {
    await controllers.close();
    await view.close();
    await cluster.close();
  };
}

async function serverOf(
  { assets, files, ports }: Started,
  programs: readonly ChildProgram[],
): Promise<ServerUnderTest> {
  const { caPem } = files;
  const url = `https://127.0.0.1:${ports.api}`;
  const client = new ApiClient({ url, caPem, token: ADMIN_TOKEN });
  const { kubectl } = assets;
  try {
    await untilReady(client, programs);
    return {
      name: "kube-apiserver",
      version: await programVersion(assets.apiServer),
      url,
      caPem,
      adminToken: ADMIN_TOKEN,
      outsider: { token: OUTSIDER_TOKEN, username: OUTSIDER },
      hasControllers: true,
      ...(kubectl === undefined ? {} : { kubectl }),
      compact: () => compactEtcd(ports.etcd),
    };
  } finally {
    client.close();
  }
}

/** Asked of the program: one built without the version in it says v0.0.0 at /version. */
async function programVersion(apiServer: string): Promise<string> {
  const { stdout } = await promisify(execFile)(apiServer, ["--version"]);
  return stdout.trim().replace(/^Kubernetes v/, "");
}

async function untilReady(client: ApiClient, programs: readonly ChildProgram[]): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const ended = programs.map(({ end }) => end()).find((end) => end !== undefined);
    if (ended !== undefined) throw new Error(ended);
    const answer = await client.get("/readyz").catch((error: unknown) => String(error));
    if (typeof answer !== "string" && answer.status === 200) return;
    if (performance.now() > deadline) {
      const said = typeof answer === "string" ? answer : answer.text;
      throw new Error(`kube-apiserver was not ready after ${START_MS / 1000} s: ${said}`);
    }
    await sleep(100);
  }
}

/** Through etcd's HTTP gateway; the API server has no such request. */
async function compactEtcd(port: number): Promise<void> {
  const ask = async (path: string, body: object): Promise<unknown> => {
    const url = `http://127.0.0.1:${port}/v3/kv/${path}`;
    const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd answers ${answer.status} to ${path}.`);
    return answer.json();
  };
  const key = Buffer.from("conformance").toString("base64");
  // Compacting keeps the revision it names, so there has to be one after those that shall be forgotten.
  const { header } = (await ask("put", { key })) as {
    readonly header: { readonly revision: string };
  };
  await ask("compaction", { revision: header.revision });
}
