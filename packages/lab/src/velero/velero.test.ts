import { chmod, chown, link, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import {
  Backup,
  BackupRepository,
  BackupStorageLocation,
  ConfigMap,
  Deployment,
  DownloadRequest,
  PersistentVolumeClaim,
  Pod,
  PodVolumeBackup,
  PodVolumeRestore,
  Restore,
  RoleBinding,
  Secret,
  Service,
  ServiceAccount,
  type PodSpec,
} from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directoryFacts } from "./testing/directory-facts.ts";
import {
  addLocation,
  createNamespace,
  startTwoClusters,
  veleroNamespace as namespace,
  type TwoClusters,
} from "./testing/two-clusters.ts";

const storageLocation = "store";
let lab: TwoClusters;
let source: Cluster;
let host: Cluster;

beforeAll(async () => {
  lab = await startTwoClusters({ openshift: false });
  ({ source, host } = lab);
  for (const cluster of [source, host]) await addLocation(cluster, lab);
});
afterAll(() => lab.close());

test("finds a bucket it can use available", async () => {
  for (const cluster of [source, host]) {
    await expect.poll(() => locationPhase(cluster)).toBe("Available");
  }
});

async function locationPhase(cluster: Cluster): Promise<string | undefined> {
  const found = await cluster.get(BackupStorageLocation, { name: storageLocation, namespace });
  return found.status?.phase;
}

async function backUp(name: string, spec: Backup["spec"]): Promise<Backup> {
  await source.create(Backup, {
    apiVersion: "velero.io/v1",
    kind: "Backup",
    metadata: { name, namespace },
    spec: { storageLocation, ...spec },
  });
  const current = (): Promise<Backup> => source.get(Backup, { name, namespace });
  await expect.poll(async () => isOver((await current()).status?.phase)).toBe(true);
  return current();
}

async function restore(
  name: string,
  spec: Restore["spec"],
  metadata: Partial<Restore["metadata"]> = {},
): Promise<Restore> {
  const synced = (): Promise<Backup | undefined> =>
    host.find(Backup, { name: spec.backupName ?? "", namespace });
  await expect.poll(synced).toBeDefined();
  await host.create(Restore, {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: { name, namespace, ...metadata },
    spec,
  });
  const current = (): Promise<Restore> => host.get(Restore, { name, namespace });
  await expect.poll(async () => isOver((await current()).status?.phase)).toBe(true);
  return current();
}

function isOver(phase: string | undefined): boolean {
  return ["Completed", "PartiallyFailed", "Failed", "FailedValidation"].includes(phase ?? "");
}

function claim(place: string, name = "data"): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: place },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
}

const holdingData: PodSpec = {
  containers: [
    {
      name: "main",
      image: "registry.k8s.io/pause:3.9",
      volumeMounts: [{ name: "files", mountPath: "/data" }],
    },
  ],
  volumes: [{ name: "files", persistentVolumeClaim: { claimName: "data" } }],
};

function pod(place: string, name: string, metadata: Partial<Pod["metadata"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: place, ...metadata },
    spec: holdingData,
  };
}

async function running(cluster: Cluster, place: string, name: string): Promise<void> {
  const phase = async (): Promise<string | undefined> =>
    (await cluster.find(Pod, { namespace: place, name }))?.status?.phase;
  await expect.poll(phase).toBe("Running");
}

async function volumeDir(cluster: "host" | "source", place: string): Promise<string> {
  const connection = cluster === "host" ? host : source;
  const found = await connection.get(PersistentVolumeClaim, { namespace: place, name: "data" });
  return join(lab.running.lab.cluster(cluster).volumesDir, found.spec.volumeName ?? "");
}

async function fill(directory: string): Promise<void> {
  await mkdir(join(directory, "sub", "empty"), { recursive: true });
  await writeFile(join(directory, "big"), randomBytes(3_000_000));
  await writeFile(join(directory, "sub", "small ü"), "text");
  await link(join(directory, "big"), join(directory, "sub", "hard"));
  await symlink("../big", join(directory, "sub", "soft"));
  await symlink("/nowhere", join(directory, "dangling"));
  await chmod(join(directory, "sub", "small ü"), 0o4750);
  await chown(join(directory, "sub", "small ü"), 1234, 4321);
  await chmod(join(directory, "sub", "empty"), 0o1777);
  await chown(directory, 1001, 1002);
  await chmod(directory, 0o2770);
}

test("moves a namespace with its volume to another name on another cluster, bit for bit", async () => {
  await createNamespace(source, "shop");
  await source.create(PersistentVolumeClaim, claim("shop"));
  const annotations = { "backup.velero.io/backup-volumes": "files" };
  await source.create(Pod, pod("shop", "keeper", { annotations, labels: { app: "keeper" } }));
  await running(source, "shop", "keeper");
  await fill(await volumeDir("source", "shop"));
  await createObjects("shop");

  const backup = await backUp("shop-1", { includedNamespaces: ["shop"] });
  expect(backup.status).toMatchObject({ phase: "Completed", version: 1, formatVersion: "1.1.0" });
  const { totalItems = 0, itemsBackedUp } = backup.status?.progress ?? {};
  expect(itemsBackedUp).toBe(totalItems);
  expect(totalItems).toBeGreaterThan(8);
  const [volume] = await source.list(PodVolumeBackup, { namespace });
  expect(volume?.status).toMatchObject({ phase: "Completed" });
  expect(volume?.status?.progress?.bytesDone).toBeGreaterThan(3_000_000);
  const [repository] = await source.list(BackupRepository, { namespace });
  expect(repository).toMatchObject({
    status: { phase: "Ready" },
    spec: { volumeNamespace: "shop" },
  });

  const labels = {
    "migration.openshift.io/migrated-by-migmigration": "migration-uid",
    "migration.openshift.io/migrated-by-migplan": "plan-uid",
  };
  const spec = { backupName: "shop-1", namespaceMapping: { shop: "shop-new" }, restorePVs: true };
  const done = await restore("shop-1-restore", spec, { labels });
  expect(done.status).toMatchObject({ phase: "Completed" });
  await running(host, "shop-new", "keeper");

  const [from, to] = [await volumeDir("source", "shop"), await volumeDir("host", "shop-new")];
  expect(await directoryFacts(to)).toEqual(await directoryFacts(from));
  const [restored] = await host.list(PodVolumeRestore, { namespace });
  expect(restored?.status).toMatchObject({ phase: "Completed" });
  await expectObjects("shop-new", labels);
});

async function createObjects(place: string): Promise<void> {
  const head = (name: string) => ({ metadata: { name, namespace: place } });
  await source.create(ConfigMap, {
    apiVersion: "v1",
    kind: "ConfigMap",
    ...head("settings"),
    data: { a: "b" },
  });
  await source.create(Secret, {
    apiVersion: "v1",
    kind: "Secret",
    ...head("password"),
    data: { p: "cQ==" },
  });
  await source.create(ServiceAccount, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    ...head("worker"),
  });
  await source.create(Service, {
    apiVersion: "v1",
    kind: "Service",
    ...head("web"),
    spec: { type: "NodePort", selector: { app: "web" }, ports: [{ port: 80 }] },
  });
  await source.create(RoleBinding, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    ...head("worker"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: "worker", namespace: place }],
  });
  await source.create(Deployment, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    ...head("web"),
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "registry.k8s.io/pause:3.9" }] },
      },
    },
  });
  const ready = async (): Promise<number | undefined> =>
    (await source.get(Deployment, { name: "web", namespace: place })).status?.readyReplicas;
  await expect.poll(ready).toBe(1);
}

async function expectObjects(place: string, labels: Record<string, string>): Promise<void> {
  const at = (name: string) => ({ name, namespace: place });
  const settings = await host.get(ConfigMap, at("settings"));
  expect(settings.data).toEqual({ a: "b" });
  expect(settings.metadata.labels).toMatchObject({
    ...labels,
    "migration.openshift.io/migrated-by-backup": "shop-1",
    "velero.io/restore-name": "shop-1-restore",
  });
  const account = await host.get(ServiceAccount, at("worker"));
  expect(account.metadata.labels).not.toHaveProperty("migration.openshift.io/migrated-by-migplan");
  const binding = await host.get(RoleBinding, at("worker"));
  expect(binding.subjects?.[0]).toMatchObject({ namespace: place });
  const [old, service] = [
    await source.get(Service, { name: "web", namespace: "shop" }),
    await host.get(Service, at("web")),
  ];
  expect(service.spec.clusterIP).not.toBe(old.spec.clusterIP);
  const pods = await host.list(Pod, { namespace: place, labelSelector: "app=web" });
  expect(pods).toHaveLength(1);
}

test("gives claims the class and access mode that the plan chose", async () => {
  await createNamespace(source, "classes");
  const annotations = {
    "openshift.io/target-storage-class": "nfs",
    "openshift.io/target-access-mode": "ReadWriteMany",
  };
  const object = claim("classes");
  await source.create(PersistentVolumeClaim, {
    ...object,
    metadata: { ...object.metadata, annotations },
  });
  await backUp("classes-1", { includedNamespaces: ["classes"] });
  const done = await restore("classes-1-restore", { backupName: "classes-1" });
  expect(done.status?.phase).toBe("Completed");
  const found = await host.get(PersistentVolumeClaim, { name: "data", namespace: "classes" });
  expect(found.spec).toMatchObject({ storageClassName: "nfs", accessModes: ["ReadWriteMany"] });
});

test("turns stage pods into sleepers in the image of the restore", async () => {
  await createNamespace(source, "staged");
  await source.create(PersistentVolumeClaim, claim("staged"));
  const labels = {
    "migration.openshift.io/is-stage-pod": "True",
    "migration-included-stage-backup": "m1",
  };
  const annotations = { "backup.velero.io/backup-volumes": "files" };
  await source.create(Pod, pod("staged", "stage-data", { labels, annotations }));
  await running(source, "staged", "stage-data");
  await fill(await volumeDir("source", "staged"));
  await backUp("staged-1", {
    includedNamespaces: ["staged"],
    includedResources: ["serviceaccount", "persistentvolumes", "persistentvolumeclaims", "pods"],
    labelSelector: { matchLabels: { "migration-included-stage-backup": "m1" } },
  });
  const done = await restore(
    "staged-1-restore",
    { backupName: "staged-1" },
    { annotations: { "migration.openshift.io/stage-pod-image": "drover.lab/shell:1" } },
  );
  expect(done.status?.phase).toBe("Completed");
  await running(host, "staged", "stage-data");
  const restored = await host.get(Pod, { name: "stage-data", namespace: "staged" });
  expect(restored.spec.containers[0]).toMatchObject({
    image: "drover.lab/shell:1",
    command: ["sleep"],
    args: ["infinity"],
  });
  expect(await directoryFacts(await volumeDir("host", "staged"))).toEqual(
    await directoryFacts(await volumeDir("source", "staged")),
  );
});

test("leaves what exists alone and says what differs", async () => {
  await createNamespace(source, "twice");
  const settings = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "twice" },
  };
  await source.create(ConfigMap, { ...settings, data: { from: "source" } });
  await backUp("twice-1", { includedNamespaces: ["twice"], includedResources: ["configmaps"] });
  await createNamespace(host, "twice");
  await host.create(ConfigMap, { ...settings, data: { from: "host" } });
  const done = await restore("twice-1-restore", { backupName: "twice-1" });
  expect(done.status).toMatchObject({ phase: "Completed", warnings: 1 });
  const kept = await host.get(ConfigMap, { name: "settings", namespace: "twice" });
  expect(kept.data).toEqual({ from: "host" });
});

test("backs up only what the selector and the lists let in", async () => {
  await createNamespace(source, "picky");
  for (const app of ["in", "out"]) {
    await source.create(ConfigMap, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: app, namespace: "picky", labels: { app } },
    });
  }
  const backup = await backUp("picky-1", {
    includedNamespaces: ["picky"],
    includedResources: ["cm", "configmap"],
    labelSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["out"] }] },
    excludedResources: ["secrets"],
  });
  expect(backup.status?.phase).toBe("Completed");
  const done = await restore("picky-1-restore", {
    backupName: "picky-1",
    namespaceMapping: { picky: "picky-new" },
  });
  expect(done.status?.phase).toBe("Completed");
  const names = (await host.list(ConfigMap, { namespace: "picky-new" })).map(
    (one) => one.metadata.name,
  );
  expect(names).toContain("in");
  expect(names).not.toContain("out");
});

test("ends with PartiallyFailed when a volume cannot be backed up", async () => {
  await createNamespace(source, "half");
  const annotations = { "backup.velero.io/backup-volumes": "files" };
  await source.create(Pod, {
    ...pod("half", "scratch", { annotations }),
    spec: { ...holdingData, volumes: [{ name: "files", emptyDir: {} }] },
  });
  await running(source, "half", "scratch");
  const backup = await backUp("half-1", { includedNamespaces: ["half"] });
  expect(backup.status).toMatchObject({ phase: "PartiallyFailed", errors: 1 });
  const failed = (await source.list(PodVolumeBackup, { namespace })).find(
    ({ spec }) => spec.pod.namespace === "half",
  );
  expect(failed?.status).toMatchObject({ phase: "Failed" });
  expect(failed?.status?.message).toContain("is not a PersistentVolumeClaim");
});

test("refuses requests that cannot be right", async () => {
  const nowhere = await backUp("nowhere", { storageLocation: "missing" });
  expect(nowhere.status?.phase).toBe("FailedValidation");
  expect(nowhere.status?.validationErrors?.[0]).toContain('"missing" does not exist');
  const both = await backUp("both", {
    includedNamespaces: ["a"],
    excludedNamespaces: ["a", "*"],
  });
  expect(both.status?.validationErrors).toHaveLength(2);
  await host.create(Restore, {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: { name: "of-nothing", namespace },
    spec: { backupName: "not-there" },
  });
  const phase = async (): Promise<string | undefined> =>
    (await host.get(Restore, { name: "of-nothing", namespace })).status?.phase;
  await expect.poll(phase).toBe("FailedValidation");
});

test("says why a storage location cannot be used, and notices when it can", async () => {
  await addLocation(source, lab, { secretKey: "wrong" });
  const message = async (): Promise<string | undefined> =>
    (await source.get(BackupStorageLocation, { name: storageLocation, namespace })).status?.message;
  await expect.poll(message).toContain("SignatureDoesNotMatch");
  expect(await message()).not.toContain(lab.running.lab.objectStore.secretKey);
  expect(await locationPhase(source)).toBe("Unavailable");
  await addLocation(source, lab);
  await expect.poll(() => locationPhase(source)).toBe("Available");
});

test("gives out an address to read a backup's log from", async () => {
  await source.create(DownloadRequest, {
    apiVersion: "velero.io/v1",
    kind: "DownloadRequest",
    metadata: { name: "log", namespace },
    spec: { target: { kind: "BackupLog", name: "picky-1" } },
  });
  const address = async (): Promise<string | undefined> =>
    (await source.get(DownloadRequest, { name: "log", namespace })).status?.downloadURL;
  await expect.poll(address).toBeDefined();
  const answer = await fetch((await address()) ?? "");
  expect(answer.status).toBe(200);
  const { gunzipSync } = await import("node:zlib");
  const text = gunzipSync(Buffer.from(await answer.arrayBuffer())).toString();
  expect(text).toContain("level=info");
});
