import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@drover/kube";
import { pino } from "pino";
import { legacyToken } from "../apiserver/auth/service-account-tokens.ts";
import { startClusterControllers } from "../controllers/start-cluster-controllers.ts";
import type { KubeAssets } from "../kubeserver/kube-assets.ts";
import { startKubeServer } from "../kubeserver/kube-server.ts";
import type { KubeServer } from "../kubeserver/kube-server.ts";
import { clusterView } from "../node/runtime/cluster-view.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import type { RunningServer } from "./server-under-test.ts";

const ADMIN_TOKEN = "admin-token";
const OUTSIDER_TOKEN = "outsider-token";
const OUTSIDER = "outsider";

/** The kind whose watches come from etcd itself, so that compacting it ends them. */
const UNCACHED = "podtemplates#0";

/** Starts etcd and a real kube-apiserver on free ports of the loopback, with Kubernetes' controllers beside it. */
export async function startRealServer(assets: KubeAssets): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), "kube-apiserver-"));
  const closers = [async (): Promise<void> => rmSync(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const running = await startKubeServer({
      assets,
      directory,
      secrets: await throwawaySecrets(),
      adminToken: ADMIN_TOKEN,
      network: { serviceRange: "10.0.0.0/16" },
      isThrowaway: true,
      flags: { "watch-cache-sizes": UNCACHED },
    });
    closers.push(() => running.close());
    if (!running.hasControllers) closers.push(await ownControllers(running));
    const { url, caPem, version, etcdPort } = running;
    const server = {
      name: running.hasControllers ? "kube-apiserver" : "kube-apiserver with the lab's controllers",
      version,
      url,
      caPem,
      adminToken: ADMIN_TOKEN,
      outsider: { token: OUTSIDER_TOKEN, username: OUTSIDER },
      hasControllers: true,
      compact: () => compactEtcd(etcdPort),
    };
    return { server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function throwawaySecrets(): Promise<Parameters<typeof startKubeServer>[0]["secrets"]> {
  const authority = await createAuthority("conformance");
  const pair = await issueCertificate(authority, {
    commonName: "kube-apiserver",
    hosts: ["127.0.0.1", "localhost", "kubernetes.default.svc"],
  });
  return {
    tls: { caPem: authority.certPem, ...pair },
    staticTokens: {
      [ADMIN_TOKEN]: { username: "admin", groups: ["system:masters"] },
      [OUTSIDER_TOKEN]: { username: OUTSIDER, groups: [] },
    },
  };
}

/** What the lab runs beside its API server, beside this one. */
async function ownControllers({
  url,
  caPem,
  keys,
  hasTokenSecrets,
}: KubeServer): Promise<() => Promise<void>> {
  const cluster = connect({ url, caPem, token: ADMIN_TOKEN });
  const view = clusterView({ clusterName: "conformance", cluster, log: pino({ level: "silent" }) });
  const controllers = await startClusterControllers({
    view,
    caPem,
    signToken: (account, secret) => legacyToken(keys, account, secret),
    hasTokenSecrets,
  });
  return async () => {
    await controllers.close();
    await view.close();
    await cluster.close();
  };
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
