import { ConnectionCheck } from "@drover/contract";
import { MigCluster, MigPlan, Namespace, Pod, Secret } from "@drover/crds";
import type { Fault, FaultRequest } from "@drover/lab";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp } from "../testing/test-app.ts";
import type { Browser, TestApp } from "../testing/test-app.ts";
import { configNamespace, namespace, startTestClusters } from "../testing/test-clusters.ts";
import type { TestClusters } from "../testing/test-clusters.ts";

let clusters: TestClusters;
let app: TestApp;
let admin: Browser;
let dev: Browser;
let fault: ((request: FaultRequest) => Fault | undefined) | undefined;

beforeAll(async () => {
  clusters = await startTestClusters({ faults: { decide: (request) => fault?.(request) } });
  app = await startTestApp(clusters.host);
  admin = await app.signIn("admin", clusters.host.adminToken);
  dev = await app.signIn("dev", clusters.host.devToken);
});

afterAll(async () => {
  await app.close();
  await clusters.close();
});

const post = (browser: Browser, url: string, payload: object) =>
  browser.request({ method: "POST", url, payload });

function edge(name: string): Record<string, unknown> {
  return {
    name,
    token: "canary-token-of-edge",
    url: clusters.source.server.url,
    insecure: false,
    caBundle: clusters.source.server.caPem,
    exposedRegistryPath: "https://registry.example.com/",
  };
}

const tokenSecrets = (): Promise<Secret[]> =>
  clusters.host.admin.list(Secret, { namespace: configNamespace });

test("registers a cluster with its token in a Secret of its own", async () => {
  const response = await post(admin, "/api/clusters", edge("edge"));
  expect(response.statusCode).toBe(201);
  const saved = await clusters.host.admin.get(MigCluster, { namespace, name: "edge" });
  expect(saved.spec).toMatchObject({
    isHostCluster: false,
    url: clusters.source.server.url,
    insecure: false,
    exposedRegistryPath: "registry.example.com",
  });
  const ref = saved.spec.serviceAccountSecretRef;
  const secret = await clusters.host.admin.get(Secret, {
    namespace: ref?.namespace ?? "",
    name: ref?.name ?? "",
  });
  expect(secret.metadata.namespace).toBe(configNamespace);
  expect(secret.metadata.labels).toMatchObject({
    createdForResourceType: "migclusters",
    createdForResource: "edge",
  });
  expect(Buffer.from(secret.data?.["saToken"] ?? "", "base64").toString()).toBe(
    "canary-token-of-edge",
  );
  const again = await post(admin, "/api/clusters", edge("edge"));
  expect(again.json()).toMatchObject({ code: "CONFLICT", errors: [{ field: "name" }] });
});

test("changes a cluster and keeps its token when none is given", async () => {
  const { name: _, token: __, caBundle: ___, ...form } = edge("edge");
  const update = { ...form, insecure: true };
  const response = await admin.request({
    method: "PUT",
    url: "/api/clusters/edge",
    payload: update,
  });
  expect(response.statusCode).toBe(200);
  const saved = await clusters.host.admin.get(MigCluster, { namespace, name: "edge" });
  expect(saved.spec.insecure).toBe(true);
  expect(saved.spec.caBundle).toBeUndefined();
});

test("removes a cluster together with its token", async () => {
  const before = await tokenSecrets();
  const response = await admin.request({ method: "DELETE", url: "/api/clusters/edge" });
  expect(response.statusCode).toBe(204);
  expect(await clusters.host.admin.find(MigCluster, { namespace, name: "edge" })).toBeUndefined();
  expect((await tokenSecrets()).length).toBe(before.length - 1);
});

test("does not remove the host, nor a cluster that a plan uses", async () => {
  const remove = async (name: string): Promise<{ code: string; detail: string }> =>
    (await admin.request({ method: "DELETE", url: `/api/clusters/${name}` })).json();
  expect(await remove("host")).toMatchObject({ code: "CONFLICT" });
  await clusters.host.admin.create(MigPlan, {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigPlan",
    metadata: { name: "user-of-source", namespace },
    spec: { srcMigClusterRef: { name: "source", namespace } },
  });
  expect((await remove("source")).detail).toContain("used by plan user-of-source");
  expect(await clusters.host.admin.find(MigCluster, { namespace, name: "source" })).toBeDefined();
});

test("lets nobody register clusters who may not", async () => {
  const response = await post(dev, "/api/clusters", edge("sneaky"));
  expect(response.json()).toMatchObject({ code: "FORBIDDEN" });
  expect(response.json().detail).toContain("dev may not create migclusters");
});

test("offers namespaces people can move, a page at a time, with what is in them", async () => {
  for (const name of ["shop", "ledger", "legacy"])
    await clusters.source.admin.create(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
    });
  for (const name of ["one", "two"])
    await clusters.source.admin.create(Pod, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "ledger" },
      spec: { containers: [{ name: "main", image: "example" }] },
    });
  const page = await admin.request({ url: "/api/clusters/source/namespaces?perPage=2" });
  expect(page.json()).toEqual({
    total: 3,
    items: [
      { name: "ledger", pods: 2, claims: 0, services: 0 },
      { name: "legacy", pods: 0, claims: 0, services: 0 },
    ],
  });
  const found = await admin.request({ url: "/api/clusters/source/namespaces?search=SHO" });
  expect(found.json()).toMatchObject({ total: 1, items: [{ name: "shop" }] });
});

test("opens no cluster for somebody who may not read its token", async () => {
  const response = await dev.request({ url: "/api/clusters/source/namespaces" });
  expect(response.json()).toMatchObject({ code: "FORBIDDEN" });
  expect(response.json().detail).toContain("dev may not look into cluster source");
});

const isClusterCreation = ({ verb, resource }: FaultRequest): boolean =>
  verb === "create" && resource === "migclusters";

test("leaves no Secret behind when the cluster itself is refused", async () => {
  const before = await tokenSecrets();
  fault = (request) => (isClusterCreation(request) ? { kind: "refuse", code: 500 } : undefined);
  const response = await post(admin, "/api/clusters", edge("halfway"));
  fault = undefined;
  expect(response.json()).toMatchObject({ code: "CLUSTER_UNREACHABLE" });
  expect(await tokenSecrets()).toHaveLength(before.length);
  expect((await post(admin, "/api/clusters", edge("halfway"))).statusCode).toBe(201);
});

test("keeps both when only the answer was lost", async () => {
  fault = (request) => (isClusterCreation(request) ? { kind: "lose-answer" } : undefined);
  const response = await post(admin, "/api/clusters", edge("unheard"));
  fault = undefined;
  expect(response.statusCode).toBe(201);
  const saved = await clusters.host.admin.get(MigCluster, { namespace, name: "unheard" });
  const name = saved.spec.serviceAccountSecretRef?.name ?? "";
  expect(
    await clusters.host.admin.find(Secret, { namespace: configNamespace, name }),
  ).toBeDefined();
});

async function check(form: object): Promise<ConnectionCheck> {
  const response = await post(admin, "/api/clusters/check", form);
  expect(response.statusCode).toBe(200);
  return ConnectionCheck.parse(response.json());
}

const failedStep = ({ steps }: ConnectionCheck) => steps.find(({ state }) => state === "failed");

test("checks a connection step by step before anything is saved", async () => {
  const { url, caPem } = clusters.source.server;
  const passed = await check({ url, caBundle: caPem, token: clusters.source.adminToken });
  expect(passed).toMatchObject({ ok: true });
  expect(passed.steps.map(({ id }) => id)).toEqual([
    "resolve",
    "connect",
    "tls",
    "sign-in",
    "permissions",
    "version",
  ]);
  expect((await check({ url, caBundle: caPem, name: "source" })).ok).toBe(true);
  expect(failedStep(await check({ url, caBundle: caPem, token: "wrong" }))?.id).toBe("sign-in");
  const weak = await check({ url, caBundle: caPem, token: clusters.source.devToken });
  expect(failedStep(weak)?.id).toBe("permissions");
  const closed = await check({ url: "https://127.0.0.1:1", token: "any" });
  expect(failedStep(closed)?.id).toBe("connect");
  expect(closed.steps.at(-1)?.state).toBe("skipped");
});

test("shows the certificate it does not trust, and trusts it once it is given", async () => {
  const { url } = clusters.source.server;
  const token = clusters.source.adminToken;
  const untrusted = await check({ url, token });
  expect(failedStep(untrusted)?.id).toBe("tls");
  expect(untrusted.certificate?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect((await check({ url, token, caBundle: untrusted.certificate?.pem })).ok).toBe(true);
  expect((await check({ url, token, insecure: true })).ok).toBe(true);
});

test("connects to no metadata or link-local address", async () => {
  for (const url of ["https://169.254.169.254", "https://[fe80::1]:6443", "https://0.0.0.0:6443"]) {
    const refused = await check({ url, token: "any" });
    expect(failedStep(refused)?.id).toBe("resolve");
  }
});

test("keeps tokens out of the audit trail and the log", async () => {
  const { body } = await admin.request({ url: "/api/audit?perPage=200" });
  expect(body).toContain("cluster.create");
  const rows = await app.services.database.prisma.auditEntry.findMany();
  const kept = JSON.stringify(rows) + app.logs.join("");
  expect(kept).toContain("(masked)");
  expect(kept).not.toContain("canary-token-of-edge");
  expect(kept).not.toContain(clusters.source.adminToken);
});
