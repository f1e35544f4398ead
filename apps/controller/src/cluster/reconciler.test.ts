import { ConfigMap, MigCluster, Secret } from "@drover/crds";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  ADMIN_TOKEN,
  NAMESPACE,
  WEAK_TOKEN,
  conditionOf,
  create,
  expectEventually,
  isJustReady,
  says,
  startTestCluster,
} from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { runReconcilers } from "../testing/run-reconcilers.ts";
import type { RunningReconcilers } from "../testing/run-reconcilers.ts";
import { ensureHostCluster } from "./ensure-host-cluster.ts";
import { migClusterReconciler } from "./reconciler.ts";
import { pino } from "pino";

let host: TestCluster;
let remote: TestCluster;
let running: RunningReconcilers;

beforeAll(async () => {
  [host, remote] = await Promise.all([startTestCluster("host"), startTestCluster("remote")]);
  await setVersion(host, "1.8.0");
  await setVersion(remote, "1.8.0");
  running = await runReconcilers(host, (deps) => [migClusterReconciler(deps)]);
});

afterAll(async () => {
  await running.stop();
  await Promise.all([host.close(), remote.close()]);
});

async function setVersion({ cluster }: TestCluster, version: string): Promise<void> {
  const metadata = { name: "migration-cluster-config", namespace: NAMESPACE };
  const data = { OPERATOR_VERSION: version };
  await cluster.apply(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata, data });
}

async function putToken(name: string, data: Record<string, string>): Promise<void> {
  const encoded = Object.entries(data).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  await host.cluster.apply(Secret, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: NAMESPACE },
    data: Object.fromEntries(encoded) as Record<string, string>,
  });
}

async function register(
  name: string,
  spec: Partial<MigCluster["spec"]>,
  token = ADMIN_TOKEN,
): Promise<void> {
  await putToken(name, { saToken: token });
  await create(host.cluster, MigCluster, {
    metadata: { name, namespace: NAMESPACE },
    spec: {
      isHostCluster: false,
      url: remote.server.url,
      caBundle: remote.caBundle,
      serviceAccountSecretRef: { namespace: NAMESPACE, name },
      ...spec,
    },
  });
}

it("finds a well described cluster ready, with what it says of itself", async () => {
  await register("good", { exposedRegistryPath: "" });
  const good = await expectEventually(host.cluster, MigCluster, {
    name: "good",
    is: isJustReady,
  });
  expect(good.status?.operatorVersion).toBe("1.8.0");
  expect(good.status?.observedDigest).toMatch(/^[0-9a-f]{64}$/);
});

const expired = `e30.${Buffer.from(JSON.stringify({ exp: 1 })).toString("base64url")}.x`;

it.each([
  ["no-url", { url: "" }, ADMIN_TOKEN, "InvalidURL", "NotSet", /not set/],
  ["no-url-at-all", { url: "not a url" }, ADMIN_TOKEN, "InvalidURL", "Malformed", /https:/],
  [
    "plain-http",
    { url: "http://127.0.0.1:1" },
    ADMIN_TOKEN,
    "InvalidURL",
    "InvalidScheme",
    /https/,
  ],
  [
    "no-ref",
    { serviceAccountSecretRef: { name: "x" } },
    ADMIN_TOKEN,
    "InvalidSaSecretRef",
    "NotSet",
    /namespace/,
  ],
  [
    "refused",
    { url: "https://127.0.0.1:1" },
    ADMIN_TOKEN,
    "TestConnectFailed",
    "ConnectFailed",
    /nothing listens/,
  ],
  [
    "no-host",
    { url: "https://no.such.host.invalid" },
    ADMIN_TOKEN,
    "TestConnectFailed",
    "ConnectFailed",
    /host name/,
  ],
  ["no-bundle", { caBundle: "" }, ADMIN_TOKEN, "TestConnectFailed", "ConnectFailed", /caBundle/],
  [
    "not-pem",
    { caBundle: "bm9uc2Vuc2U=" },
    ADMIN_TOKEN,
    "TestConnectFailed",
    "ConnectFailed",
    /PEM/,
  ],
  ["bad-token", {}, "nonsense", "TestConnectFailed", "ConnectFailed", /refuses the token/],
  ["old-token", {}, expired, "TestConnectFailed", "ConnectFailed", /expired at 1970/],
  ["weak-token", {}, WEAK_TOKEN, "SaTokenNotPrivileged", "Unauthorized", /cluster-admin/],
  [
    "no-registry",
    { exposedRegistryPath: "127.0.0.1:1" },
    ADMIN_TOKEN,
    "InvalidRegistryRoute",
    "RouteTestFailed",
    /127.0.0.1:1/,
  ],
] as const)("says what is wrong: %s", async (name, spec, token, type, reason, message) => {
  await register(name, spec, token);
  const object = await expectEventually(host.cluster, MigCluster, {
    name,
    is: says(type, message),
  });
  expect(conditionOf(object, type)?.reason).toBe(reason);
  expect(conditionOf(object, "Ready")).toBeUndefined();
  expect(JSON.stringify(object.status)).not.toContain(token);
});

it("accepts a certificate it cannot verify only when the cluster says so", async () => {
  await register("insecure", { caBundle: "", insecure: true });
  await expectEventually(host.cluster, MigCluster, {
    name: "insecure",
    is: isJustReady,
  });
});

it("looks again at once when the Secret is mended", async () => {
  await register("mended", {});
  await putToken("mended", { other: "x" });
  await expectEventually(host.cluster, MigCluster, {
    name: "mended",
    is: says("InvalidSaToken", "has no key saToken"),
  });
  await putToken("mended", { saToken: ADMIN_TOKEN });
  await expectEventually(host.cluster, MigCluster, {
    name: "mended",
    is: isJustReady,
  });
});

it("takes refresh back once it has looked", async () => {
  await register("fresh", { refresh: true });
  await expectEventually(host.cluster, MigCluster, {
    name: "fresh",
    is: ({ spec, status }) => {
      expect(spec.refresh).toBe(false);
      expect(status?.observedDigest).toBeDefined();
    },
  });
});

it("warns when the remote runs another version, and notices at once when that changes", async () => {
  await register("other", {});
  await setVersion(remote, "1.2.3");
  await expectEventually(host.cluster, MigCluster, {
    name: "other",
    is: says("OperatorVersionMismatch", "1.2.3"),
  });
  await setVersion(remote, "1.8.0");
  await expectEventually(host.cluster, MigCluster, {
    name: "other",
    is: isJustReady,
  });
});

it("registers the host cluster once", async () => {
  const place = { host: host.cluster, namespace: NAMESPACE, log: pino({ level: "silent" }) };
  await ensureHostCluster(place);
  await ensureHostCluster(place);
  const registered = await host.cluster.list(MigCluster, { namespace: NAMESPACE });
  expect(registered.filter(({ spec }) => spec.isHostCluster)).toHaveLength(1);
  await expectEventually(host.cluster, MigCluster, {
    name: "host",
    is: isJustReady,
  });
});

it("writes nothing when nothing changed", async () => {
  const before = await host.cluster.get(MigCluster, { namespace: NAMESPACE, name: "good" });
  const patched = { metadata: { labels: { touched: "yes" } } };
  const touched = await host.cluster.patch(
    MigCluster,
    { namespace: NAMESPACE, name: "good" },
    { type: "merge", body: patched },
  );
  await register("later", {});
  await expectEventually(host.cluster, MigCluster, {
    name: "later",
    is: isJustReady,
  });
  const after = await host.cluster.get(MigCluster, { namespace: NAMESPACE, name: "good" });
  expect(after.metadata.resourceVersion).toBe(touched.metadata.resourceVersion);
  expect(after.status).toEqual(before.status);
});
