import { createHash } from "node:crypto";
import { MigrationTree } from "@drover/contract";
import type { TreeNode } from "@drover/contract";
import {
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigMigration,
  MigPlan,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
} from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp } from "../testing/test-app.ts";
import type { Browser, TestApp } from "../testing/test-app.ts";
import { configNamespace, namespace, startTestClusters } from "../testing/test-clusters.ts";
import type { TestClusters } from "../testing/test-clusters.ts";

let clusters: TestClusters;
let app: TestApp;
let admin: Browser;
let dev: Browser;

const apiVersion = "migration.openshift.io/v1alpha1";

beforeAll(async () => {
  clusters = await startTestClusters();
  app = await startTestApp(clusters.host);
  admin = await app.signIn("admin", clusters.host.adminToken);
  dev = await app.signIn("dev", clusters.host.devToken);
  await seedMigration();
});

afterAll(async () => {
  await app.close();
  await clusters.close();
});

async function createVolume(cluster: Cluster, place: { namespace: string; claim: string }) {
  const volume = `pv-of-${place.claim}`;
  await cluster.create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: place.namespace },
  });
  await cluster.create(PersistentVolume, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      nfs: { server: "s", path: "/p" },
    },
  });
  await cluster.create(PersistentVolumeClaim, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: place.claim, namespace: place.namespace },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      volumeName: volume,
    },
  });
}

function createPod(cluster: Cluster, place: { namespace: string; name: string }, labels: object) {
  return cluster.create(Pod, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...place, labels: { ...labels } },
    spec: { containers: [{ name: "rsync", image: "example" }] },
  });
}

/** A migration in the middle of copying one claim that gets another namespace and name. */
async function seedMigration(): Promise<void> {
  const host = clusters.host.admin;
  const refs = {
    srcMigClusterRef: { name: "source", namespace },
    destMigClusterRef: { name: "host", namespace },
  };
  await host.create(MigPlan, {
    apiVersion,
    kind: "MigPlan",
    metadata: { name: "ledger", namespace },
    spec: { ...refs, namespaces: ["ledger:ledger-moved"] },
  });
  const run = await host.create(MigMigration, {
    apiVersion,
    kind: "MigMigration",
    metadata: { name: "cutover-1", namespace },
    spec: { migPlanRef: { name: "ledger", namespace } },
  });
  const volumes = await host.create(DirectVolumeMigration, {
    apiVersion,
    kind: "DirectVolumeMigration",
    metadata: { name: "volumes", namespace, labels: { migmigration: run.metadata.uid ?? "" } },
    spec: {
      ...refs,
      persistentVolumeClaims: [
        { namespace: "ledger", name: "data", targetNamespace: "ledger-moved", targetName: "moved" },
      ],
    },
  });
  const ofRun = { directvolumemigration: volumes.metadata.uid ?? "" };
  const forClaim = {
    "migration.openshift.io/created-for-pvc": createHash("md5").update("data").digest("hex"),
  };
  await host.create(DirectVolumeMigrationProgress, {
    apiVersion,
    kind: "DirectVolumeMigrationProgress",
    metadata: { name: "progress", namespace, labels: ofRun },
    spec: { podNamespace: "ledger", podSelector: { ...forClaim, ...ofRun } },
    status: { totalProgressPercentage: "42%", phase: "Running" },
  });
  await createVolume(clusters.source.admin, { namespace: "ledger", claim: "data" });
  await createVolume(host, { namespace: "ledger-moved", claim: "moved" });
  const source = clusters.source.admin;
  await createPod(source, { namespace: "ledger", name: "rsync-1" }, { ...ofRun, ...forClaim });
  await createPod(host, { namespace: "ledger-moved", name: "rsync-server" }, ofRun);
}

const outline = (node: TreeNode, depth = 0): string[] => [
  `${"  ".repeat(depth)}${node.kind} ${node.role} ${node.name}`,
  ...node.children.flatMap((child) => outline(child, depth + 1)),
];
const readTree = async (browser: Browser) =>
  MigrationTree.parse((await browser.request({ url: "/api/migrations/cutover-1/tree" })).json());

test("shows everything that belongs to a migration, on both of its clusters", async () => {
  const { root, missing } = await readTree(admin);
  expect(outline(root)).toEqual([
    "MigPlan host ledger",
    "  MigMigration host cutover-1",
    "    DirectVolumeMigration host volumes",
    "      DirectVolumeMigrationProgress host progress",
    "        PersistentVolumeClaim source data",
    "          PersistentVolume source pv-of-data",
    "        PersistentVolumeClaim target moved",
    "          PersistentVolume target pv-of-moved",
    "        Pod source rsync-1",
    "      Pod target rsync-server",
  ]);
  expect(missing).toEqual([]);
  const progress = root.children[0]?.children[0]?.children[0];
  expect(progress?.status).toMatchObject({ state: "running", percent: 42 });
});

test("names the clusters it could not read, and shows the rest", async () => {
  const { root, missing } = await readTree(dev);
  expect(outline(root)).toContain("      DirectVolumeMigrationProgress host progress");
  expect(outline(root).join()).not.toContain("rsync-1");
  const named = Object.fromEntries(missing.map(({ cluster, reason }) => [cluster, reason]));
  expect(named["source"]).toContain("dev may not look into cluster source");
  expect(named["host"]).toContain("forbidden");
});

const object = (browser: Browser, cluster: string, query: string) =>
  browser.request({ url: `/api/clusters/${cluster}/objects/${query}` });

test("shows objects of a cluster, with the values of Secrets masked", async () => {
  const pod = await object(admin, "source", "pods?version=v1&namespace=ledger&name=rsync-1");
  expect(pod.json()).toMatchObject({ kind: "Pod", metadata: { name: "rsync-1" } });
  await clusters.host.admin.create(Secret, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "hidden",
      namespace: configNamespace,
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": "canary" },
    },
    stringData: { password: "canary" },
  });
  const query = `secrets?version=v1&namespace=${configNamespace}&name=hidden`;
  const secret = await object(admin, "host", query);
  expect(secret.json().data).toEqual({ password: "(masked)" });
  expect(secret.body).not.toContain("canary");
  expect(secret.body).not.toContain(Buffer.from("canary").toString("base64"));
});

test("reads the kinds it knows and no path of the caller's making", async () => {
  const refused = async (query: string): Promise<number> =>
    (await object(admin, "host", query)).statusCode;
  expect(await refused("clusterroles?group=rbac.authorization.k8s.io&version=v1&name=admin")).toBe(
    404,
  );
  expect(await refused("pods?version=..%2F..&name=x")).toBe(404);
  expect(await refused("pods%2F..%2Fsecrets?version=v1&name=x")).toBe(404);
  const climbing = await object(
    admin,
    "source",
    "pods?version=v1&namespace=ledger&name=..%2F..%2Fsecrets",
  );
  expect(climbing.statusCode).toBeGreaterThanOrEqual(400);
  const query = "pods?version=v1&namespace=ledger&name=rsync-1";
  expect((await object(dev, "source", query)).statusCode).toBe(403);
  expect((await object(admin, "nowhere", query)).statusCode).toBe(404);
});
