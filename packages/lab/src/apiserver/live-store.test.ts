import { ConfigMap, Namespace } from "@drover/crds";
import { connect, liveStore, type Cluster } from "@drover/kube";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import type { ApiServer, ApiServerOptions } from "./api-server-options.ts";
import { startApiServer } from "./api-server.ts";
import type { Fault, FaultRequest } from "./faults.ts";

type World = {
  server: ApiServer;
  /** Ends the server and begins it anew on what it kept, at the same address. */
  goAway: (meanwhile: () => Promise<void>) => Promise<void>;
  cluster: Cluster;
  /** Decides about each request of the store and of nobody else. */
  setFault: (decide: (request: FaultRequest) => Fault | undefined) => void;
  /** A second identity, whose requests never fail. */
  calm: Cluster;
};

async function world(): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), "live-store-"));
  const authority = await createAuthority("test");
  const tls = await issueCertificate(authority, { commonName: "api", hosts: ["127.0.0.1"] });
  const groups = ["system:masters"];
  let decide: (request: FaultRequest) => Fault | undefined = () => undefined;
  const options: ApiServerOptions = {
    name: "test",
    dataDir,
    tls: { caPem: authority.certPem, certPem: tls.certPem, keyPem: tls.keyPem },
    staticTokens: { store: { username: "store", groups }, calm: { username: "calm", groups } },
    faults: {
      decide: (request) => (request.user.username === "store" ? decide(request) : undefined),
    },
    bookmarkIntervalMs: 100,
  };
  let server = await startApiServer(options);
  const { url, caPem, port } = server;
  const cluster = connect({ url, caPem, token: "store", timeoutMs: 5_000 });
  const calm = connect({ url, caPem, token: "calm" });
  onTestFinished(async () => {
    await Promise.all([cluster.close(), calm.close()]);
    await server.close();
    await rm(dataDir, { recursive: true });
  });
  const goAway: World["goAway"] = async (meanwhile) => {
    await server.close();
    await meanwhile();
    server = await startApiServer({ ...options, port });
  };
  await calm.create(Namespace, namespace("ns"));
  return { server, goAway, cluster, calm, setFault: (next) => (decide = next) };
}

function namespace(name: string): Namespace {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function configMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "ns", name }, data };
}

function versionsIn(objects: readonly ConfigMap[]): string[] {
  return objects.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).toSorted();
}

test("a live store agrees with the server through cuts, refusals and compactions", async () => {
  const { server, cluster, calm, setFault } = await world();
  const store = liveStore(cluster, ConfigMap, {
    namespace: "ns",
    retryMinMs: 10,
    retryMaxMs: 50,
    watchdogMs: 1_000,
  });
  onTestFinished(() => store.close());
  await store.ready;
  const alive = new Set(store.list().map(({ metadata }) => metadata.name));
  store.subscribe(({ type, object: { metadata } }) => {
    if (type === "DELETED") alive.delete(metadata.name);
    else alive.add(metadata.name);
  });
  let calls = 0;
  setFault(({ verb }) => {
    calls += 1;
    if (verb === "watch") return { kind: "cut-after", milliseconds: 10 + (calls % 5) * 10 };
    return calls % 3 === 0 ? { kind: "refuse", code: 429 } : undefined;
  });
  for (let step = 0; step < 150; step += 1) {
    const name = `n${step % 20}`;
    if (step % 7 === 3) await calm.delete(ConfigMap, { namespace: "ns", name });
    else await calm.apply(ConfigMap, configMap(name, { step: String(step) }));
    if (step % 25 === 24) server.compact();
  }
  const truth = await calm.list(ConfigMap, { namespace: "ns" });
  await vi.waitFor(() => expect(versionsIn(store.list())).toEqual(versionsIn(truth)), 60_000);
  expect([...alive].toSorted()).toEqual(truth.map(({ metadata }) => metadata.name).toSorted());
});

test("a live store outlives a server that was away and forgot its history", async () => {
  const { cluster, calm, goAway, setFault } = await world();
  for (const name of ["kept", "changed", "gone"]) await calm.create(ConfigMap, configMap(name));
  const store = liveStore(cluster, ConfigMap, {
    namespace: "ns",
    retryMinMs: 20,
    retryMaxMs: 200,
  });
  onTestFinished(() => store.close());
  await store.ready;
  const changes: string[] = [];
  store.subscribe(({ type, object }) => changes.push(`${type} ${object.metadata.name}`));
  // The store's own requests wait at the door, until everything it missed has happened.
  setFault(() => ({ kind: "refuse", code: 503 }));
  await goAway(async () => {
    await vi.waitFor(() => expect(store.problem()?.reason).toBe("Unreachable"), 60_000);
  });
  expect(versionsIn(store.list())).toHaveLength(3);
  await calm.apply(ConfigMap, configMap("changed", { now: "yes" }));
  await calm.delete(ConfigMap, { namespace: "ns", name: "gone" });
  await calm.create(ConfigMap, configMap("new"));
  setFault(() => ({ kind: "delay", milliseconds: 50 }));
  const truth = await calm.list(ConfigMap, { namespace: "ns" });
  await vi.waitFor(() => expect(versionsIn(store.list())).toEqual(versionsIn(truth)), 60_000);
  expect(changes.toSorted()).toEqual(["ADDED new", "DELETED gone", "MODIFIED changed"]);
  expect(store.problem()).toBeUndefined();
});

test("an idle live store lives on bookmarks", async () => {
  const { cluster, calm, setFault } = await world();
  let watches = 0;
  setFault(({ verb }) => {
    if (verb === "watch") watches += 1;
    return undefined;
  });
  const store = liveStore(cluster, ConfigMap, { watchdogMs: 1_500 });
  onTestFinished(() => store.close());
  await store.ready;
  const listedAt = performance.now();
  for (let round = 0; round < 20; round += 1) {
    await calm.create(Namespace, namespace(`elsewhere-${round}`));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(watches).toBe(1);
  expect(store.lastEventAgeMs()).toBeLessThan(performance.now() - listedAt);
});

test("a list in pages is one moment, though objects come and go meanwhile", async () => {
  const { cluster, calm } = await world();
  await Promise.all(
    Array.from({ length: 30 }, (_, index) => calm.create(ConfigMap, configMap(`p${index}`))),
  );
  const seen: (string | undefined)[] = [];
  for await (const page of cluster.pages(ConfigMap, { namespace: "ns", limit: 10 })) {
    seen.push(...page.items.map(({ metadata }) => metadata.name));
    await calm.delete(ConfigMap, { namespace: "ns", name: "p9" });
    await calm.apply(ConfigMap, configMap("zz"));
  }
  expect(seen).toContain("p9");
  expect(seen).not.toContain("zz");
});
