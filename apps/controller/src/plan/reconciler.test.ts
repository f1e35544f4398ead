import {
  BackupStorageLocation,
  ConfigMap,
  CustomResourceDefinition,
  Deployment,
  MigMigration,
  MigPlan,
  Secret,
  StatefulSet,
  VolumeSnapshotLocation,
} from "@drover/crds";
import { startObjectStore } from "@drover/lab";
import type { ObjectStore } from "@drover/lab";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migClusterReconciler } from "../cluster/reconciler.ts";
import { migStorageReconciler } from "../storage/reconciler.ts";
import {
  addBoundClaim,
  addPlan,
  addPod,
  addStorage,
  addStorageClass,
  registerCluster,
} from "../testing/objects.ts";
import { runReconcilers } from "../testing/run-reconcilers.ts";
import type { RunningReconcilers } from "../testing/run-reconcilers.ts";
import {
  NAMESPACE,
  conditionOf,
  conditionTypes,
  create,
  createNamespace,
  expectEventually,
  says,
  startTestCluster,
} from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { migPlanReconciler } from "./reconciler.ts";

const access = { bucket: "backups", accessKey: "drover", secretKey: "a-well-kept-secret" };
let dataDir: string;
let store: ObjectStore;
let host: TestCluster;
let source: TestCluster;
let running: RunningReconcilers;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover-plan-"));
  [host, source] = await Promise.all([startTestCluster("host"), startTestCluster("source")]);
  store = await startObjectStore({ dataDir, port: 0, ...access, buckets: ["backups"] });
  await setUpWorld();
  running = await runReconcilers(host, (deps) => [
    migClusterReconciler(deps),
    migStorageReconciler(deps),
    migPlanReconciler(deps),
  ]);
});

afterAll(async () => {
  await running.stop();
  await Promise.all([host.close(), source.close(), store.close()]);
  await rm(dataDir, { recursive: true });
});

async function setUpWorld(): Promise<void> {
  for (const { cluster } of [host, source]) {
    const metadata = { name: "migration-cluster-config", namespace: NAMESPACE };
    await create(cluster, ConfigMap, {
      metadata,
      data: { OPERATOR_VERSION: "1.8.0", RSYNC_ENDPOINT_TYPE: "NodePort" },
    });
  }
  await registerCluster(host.cluster, "host", "host");
  await registerCluster(host.cluster, "source", source);
  await addStorage(host.cluster, "store", { ...access, url: store.url });
  await addStorageClass(source.cluster, "fast", { provisioner: "directory.lab.drover.dev" });
  await addStorageClass(host.cluster, "plain", {
    provisioner: "other.example.com",
    isDefault: true,
  });
  await addStorageClass(host.cluster, "quick", { provisioner: "directory.lab.drover.dev" });
}

const isReady = (plan: MigPlan) =>
  expect(conditionOf(plan, "Ready"), JSON.stringify(plan.status?.conditions)).toBeDefined();

it("discovers volumes with owners and proposes the class of the same provisioner", async () => {
  await createNamespace(source.cluster, "ledger");
  await addBoundClaim(source.cluster, {
    namespace: "ledger",
    name: "data-ledger-0",
    storageClass: "fast",
  });
  await addBoundClaim(source.cluster, { namespace: "ledger", name: "files", storageClass: "fast" });
  await addBoundClaim(source.cluster, { namespace: "ledger", name: "idle", storageClass: "fast" });
  await addBoundClaim(source.cluster, {
    namespace: "ledger",
    name: "shared",
    storageClass: "slow",
    volume: { nfs: { server: "nfs.example.com", path: "/x" } },
  });
  await addBoundClaim(source.cluster, {
    namespace: "ledger",
    name: "local",
    storageClass: "",
    volume: { hostPath: { path: "/data" } },
  });
  const labels = { app: "ledger" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "x" }] } };
  await create(source.cluster, StatefulSet, {
    metadata: { name: "ledger", namespace: "ledger" },
    spec: {
      replicas: 1,
      serviceName: "ledger",
      selector: { matchLabels: labels },
      template,
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }],
    },
  });
  const volumes = [{ name: "files", persistentVolumeClaim: { claimName: "files" } }];
  await create(source.cluster, Deployment, {
    metadata: { name: "web", namespace: "ledger" },
    spec: {
      selector: { matchLabels: labels },
      template: { ...template, spec: { ...template.spec, volumes } },
    },
  });
  await addPlan(host.cluster, "ledger", { namespaces: ["ledger:ledger-new"] });
  const plan = await expectEventually(host.cluster, MigPlan, { name: "ledger", is: isReady });
  const found = plan.spec.persistentVolumes ?? [];
  expect(
    found.map(({ name, pvc, selection }) => [name, pvc?.ownerType, selection.storageClass]),
  ).toEqual([
    ["pv-data-ledger-0", "StatefulSet", "quick"],
    ["pv-files", "Deployment", "quick"],
    ["pv-idle", undefined, "quick"],
    ["pv-local", undefined, "plain"],
    ["pv-shared", undefined, "plain"],
  ]);
  expect(found.map(({ supported, selection }) => [supported.actions, selection.action])).toEqual([
    [["skip", "copy"], "copy"],
    [["skip", "copy"], "copy"],
    [["skip", "copy"], "copy"],
    [["skip"], "skip"],
    [["skip", "copy", "move"], "copy"],
  ]);
  expect(found[0]).toMatchObject({
    capacity: "1Gi",
    storageClass: "fast",
    pvc: {
      namespace: "ledger",
      name: "data-ledger-0",
      hasReference: true,
      volumeMode: "Filesystem",
    },
  });
  expect(plan.status?.destStorageClasses?.map(({ name, default: is }) => [name, is])).toEqual([
    ["plain", true],
    ["quick", false],
  ]);
  expect(plan.status?.suffix).toMatch(/^[a-z0-9]{4}$/);
  expect(conditionTypes(plan)).toContain("PvNoSupportedAction");
});

it("keeps what the user chose when it looks again, and drops volumes that are gone", async () => {
  await createNamespace(source.cluster, "chosen");
  await addBoundClaim(source.cluster, { namespace: "chosen", name: "one", storageClass: "fast" });
  await addPlan(host.cluster, "chosen", { namespaces: ["chosen"] });
  const before = await expectEventually(host.cluster, MigPlan, { name: "chosen", is: isReady });
  const [volume] = before.spec.persistentVolumes ?? [];
  const chosen = {
    ...volume,
    pvc: { ...volume?.pvc, name: "one:renamed" },
    selection: { action: "copy", copyMethod: "filesystem", storageClass: "plain", verify: true },
  };
  const gone = { ...chosen, name: "pv-gone" };
  const ref = { name: "chosen", namespace: NAMESPACE };
  const body = { spec: { persistentVolumes: [chosen, gone], refresh: true } };
  await host.cluster.patch(MigPlan, ref, { type: "merge", body });
  const after = await expectEventually(host.cluster, MigPlan, {
    name: "chosen",
    is: (plan) => expect(plan.spec.refresh).toBe(false),
  });
  expect(after.spec.persistentVolumes).toHaveLength(1);
  expect(after.spec.persistentVolumes?.[0]).toMatchObject({
    pvc: { name: "one:renamed" },
    selection: { storageClass: "plain", verify: true },
  });
});

it("makes the repository known to Velero on both clusters, with the plan's own credentials", async () => {
  const plan = await expectEventually(host.cluster, MigPlan, { name: "chosen", is: isReady });
  const labelSelector = `migplan=${plan.metadata.uid}`;
  const options = { namespace: NAMESPACE, labelSelector };
  for (const { cluster } of [host, source]) {
    const [location, ...others] = await cluster.list(BackupStorageLocation, options);
    expect(others).toEqual([]);
    expect(location?.spec).toMatchObject({
      provider: "aws",
      objectStorage: { bucket: "backups", prefix: "velero" },
      config: { region: "us-east-1", s3ForcePathStyle: "true", s3Url: store.url },
    });
    expect(await cluster.list(VolumeSnapshotLocation, options)).toHaveLength(1);
    const { name = "" } = location?.spec.credential ?? {};
    const secret = await cluster.get(Secret, { name, namespace: NAMESPACE });
    const text = Buffer.from(secret.data?.["cloud"] ?? "", "base64").toString();
    expect(text).toContain(`aws_secret_access_key=${access.secretKey}`);
  }
});

it.each([
  ["nothing", { namespaces: [] }, "NamespaceListEmpty", /Choose the namespaces/],
  [
    "twice",
    { namespaces: ["ledger", "ledger:b"] },
    "DuplicateNamespaceOnSourceCluster",
    /\[ledger\]/,
  ],
  [
    "same-target",
    { namespaces: ["ledger:x", "chosen:x"] },
    "DuplicateNamespaceOnDestinationCluster",
    /\[x\]/,
  ],
  ["not-dns", { namespaces: ["ledger:Upper_Case"] }, "NamespaceNotDNSCompliant", /lower-case/],
  ["not-there", { namespaces: ["nowhere"] }, "NamespaceNotFoundOnSourceCluster", /\[nowhere\]/],
  [
    "too-many",
    { namespaces: Array.from({ length: 11 }, (_, n) => `n${n}`) },
    "NamespaceLimitExceeded",
    /at most 10/,
  ],
  [
    "no-source",
    { srcMigClusterRef: { name: "gone", namespace: NAMESPACE } },
    "InvalidSourceClusterRef",
    /gone/,
  ],
  [
    "no-target",
    { destMigClusterRef: { name: "x" } },
    "InvalidDestinationClusterRef",
    /namespace and the name/,
  ],
  [
    "no-store",
    { migStorageRef: { name: "gone", namespace: NAMESPACE } },
    "InvalidStorageRef",
    /gone/,
  ],
  [
    "bad-include",
    { includedResources: [{ group: "x.example.com", kind: "Nothing" }] },
    "InvalidResourceList",
    /Nothing/,
  ],
  [
    "bad-hook",
    {
      hooks: [
        {
          reference: { name: "h", namespace: NAMESPACE },
          phase: "PreBackup",
          executionNamespace: "a",
          serviceAccount: "b",
        },
      ],
    },
    "InvalidHookRef",
    /does not exist/,
  ],
] as const)("says what is wrong with a plan: %s", async (name, spec, type, message) => {
  const namespaces = ["solo"];
  await addPlan(host.cluster, name, { namespaces, ...(spec as MigPlan["spec"]) });
  const plan = await expectEventually(host.cluster, MigPlan, { name, is: says(type, message) });
  expect(conditionOf(plan, "Ready")).toBeUndefined();
});

it("is ready once a cluster it refers to is", async () => {
  await createNamespace(source.cluster, "early");
  const ref = { name: "later", namespace: NAMESPACE };
  await addPlan(host.cluster, "early", { namespaces: ["early"], srcMigClusterRef: ref });
  await expectEventually(host.cluster, MigPlan, {
    name: "early",
    is: says("InvalidSourceClusterRef", "later"),
  });
  await registerCluster(host.cluster, "later", source);
  await expectEventually(host.cluster, MigPlan, { name: "early", is: isReady });
});

it("names plans that want the same namespace, until one of them is closed", async () => {
  await createNamespace(source.cluster, "wanted");
  await addPlan(host.cluster, "first", { namespaces: ["wanted"] });
  await expectEventually(host.cluster, MigPlan, { name: "first", is: isReady });
  await addPlan(host.cluster, "second", { namespaces: ["wanted:other"] });
  await expectEventually(host.cluster, MigPlan, {
    name: "second",
    is: says("PlanConflict", /\[first\]/),
  });
  await expectEventually(host.cluster, MigPlan, {
    name: "first",
    is: says("PlanConflict", /\[second\]/),
  });
  const ref = { name: "first", namespace: NAMESPACE };
  await host.cluster.patch(MigPlan, ref, { type: "merge", body: { spec: { closed: true } } });
  const closed = await expectEventually(host.cluster, MigPlan, {
    name: "first",
    is: (plan) => expect(conditionTypes(plan)).toEqual(["Closed"]),
  });
  await expectEventually(host.cluster, MigPlan, { name: "second", is: isReady });
  const options = { namespace: NAMESPACE, labelSelector: `migplan=${closed.metadata.uid}` };
  for (const { cluster } of [host, source]) {
    expect(await cluster.list(BackupStorageLocation, options)).toEqual([]);
    expect(await cluster.list(Secret, options)).toEqual([]);
  }
});

it("is suspended by a finished cutover and keeps what it had found", async () => {
  await createNamespace(source.cluster, "moved");
  await addBoundClaim(source.cluster, { namespace: "moved", name: "kept", storageClass: "fast" });
  await addPlan(host.cluster, "moved", { namespaces: ["moved"] });
  await expectEventually(host.cluster, MigPlan, { name: "moved", is: isReady });
  const time = "2026-01-01T00:00:00Z";
  const succeeded = {
    type: "Succeeded",
    status: "True",
    category: "Advisory",
    lastTransitionTime: time,
  };
  await create(host.cluster, MigMigration, {
    metadata: { name: "cutover", namespace: NAMESPACE },
    spec: { migPlanRef: { name: "moved", namespace: NAMESPACE } },
    status: { conditions: [succeeded] },
  });
  const plan = await expectEventually(host.cluster, MigPlan, {
    name: "moved",
    is: (object) => expect(conditionTypes(object)).toContain("Suspended"),
  });
  const kept = expect.arrayContaining(["PvsDiscovered", "StorageEnsured", "Ready"]);
  expect(conditionTypes(plan), JSON.stringify(plan.status?.conditions)).toEqual(kept);
  expect(plan.spec.persistentVolumes).toHaveLength(1);
});

it("warns of sick pods, node selectors and kinds that the target lacks", async () => {
  await createNamespace(source.cluster, "edgy");
  await addPod(source.cluster, {
    name: "sick",
    namespace: "edgy",
    status: {
      phase: "Running",
      containerStatuses: [
        {
          name: "main",
          ready: false,
          restartCount: 7,
          state: { waiting: { reason: "CrashLoopBackOff" } },
        },
      ],
    },
  });
  await addPod(source.cluster, {
    name: "picky",
    namespace: "edgy",
    spec: { nodeSelector: { disk: "ssd" } },
    status: { phase: "Running" },
  });
  await create(source.cluster, CustomResourceDefinition, {
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object" } },
        },
      ],
    },
  });
  await addPlan(host.cluster, "edgy", { namespaces: ["edgy"] });
  await expectEventually(host.cluster, MigPlan, {
    name: "edgy",
    is: says("SourcePodsNotHealthy", /edgy \(sick\)/),
  });
  const plan = await expectEventually(host.cluster, MigPlan, {
    name: "edgy",
    is: says("NamespacesHaveNodeSelectors", /\[edgy\]/),
  });
  expect(plan.status?.namespaces).toEqual([
    { name: "edgy", workloads: [{ name: "Pods", resources: ["sick"] }] },
  ]);
  isReady(plan);
});

it("writes nothing more once nothing changes", async () => {
  const before = await expectEventually(host.cluster, MigPlan, { name: "edgy", is: isReady });
  await addPlan(host.cluster, "bystander", { namespaces: ["moved:elsewhere"] });
  await expectEventually(host.cluster, MigPlan, {
    name: "bystander",
    is: says("PlanConflict", "moved"),
  });
  const after = await host.cluster.get(MigPlan, { name: "edgy", namespace: NAMESPACE });
  expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
});
