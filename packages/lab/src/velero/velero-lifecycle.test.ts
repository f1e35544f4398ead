import {
  Backup,
  ConfigMap,
  DeleteBackupRequest,
  PersistentVolume,
  PersistentVolumeClaim,
  PodVolumeRestore,
  Restore,
} from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addLocation,
  createNamespace,
  startTwoClusters,
  veleroNamespace as namespace,
  type TwoClusters,
} from "./testing/two-clusters.ts";

let lab: TwoClusters;

beforeAll(async () => {
  lab = await startTwoClusters({ openshift: false });
  for (const cluster of [lab.source, lab.host]) await addLocation(cluster, lab);
});
afterAll(() => lab.close());

async function completed(cluster: TwoClusters["source"], name: string): Promise<void> {
  const phase = async (): Promise<string | undefined> =>
    (await cluster.find(Backup, { name, namespace }))?.status?.phase;
  await expect.poll(phase).toBe("Completed");
}

async function backUp(name: string, spec: Backup["spec"]): Promise<void> {
  await lab.source.create(Backup, {
    apiVersion: "velero.io/v1",
    kind: "Backup",
    metadata: { name, namespace },
    spec: { storageLocation: "store", ...spec },
  });
  await completed(lab.source, name);
}

test("moves a volume whose directory both clusters reach: same volume, kept on the source", async () => {
  const { source, host } = lab;
  await createNamespace(source, "moving");
  await source.create(PersistentVolumeClaim, {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "shared", namespace: "moving" },
    spec: {
      storageClassName: "nfs",
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: "1Gi" } },
    },
  });
  const at = { name: "shared", namespace: "moving" };
  const volumeName = async (): Promise<string | undefined> =>
    (await source.get(PersistentVolumeClaim, at)).spec.volumeName;
  await expect.poll(volumeName).toBeDefined();
  const name = (await volumeName()) ?? "";
  const annotations = { "openshift.io/migrate-type": "move" };
  const body = { metadata: { annotations } };
  await source.patch(PersistentVolume, { name }, { type: "merge", body });
  await backUp("moving-1", { includedNamespaces: ["moving"] });
  const kept = await source.get(PersistentVolume, { name });
  expect(kept.spec.persistentVolumeReclaimPolicy).toBe("Retain");
  expect(kept.metadata.annotations?.["migration.openshift.io/orig-reclaim-policy"]).toBe("Delete");

  await completed(host, "moving-1");
  await host.create(Restore, {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: { name: "moving-1-restore", namespace },
    spec: { backupName: "moving-1", namespaceMapping: { moving: "moved" }, restorePVs: true },
  });
  const claim = (): Promise<PersistentVolumeClaim | undefined> =>
    host.find(PersistentVolumeClaim, { name: "shared", namespace: "moved" });
  await expect.poll(async () => (await claim())?.status?.phase).toBe("Bound");
  expect((await claim())?.spec.volumeName).toBe(name);
  const moved = await host.get(PersistentVolume, { name });
  expect(moved.spec["nfs"]).toEqual(kept.spec["nfs"]);
  expect(moved.spec.claimRef).toMatchObject({ namespace: "moved", name: "shared" });
});

test("deletes a backup on request, here and on the other cluster", async () => {
  const { source, host } = lab;
  await createNamespace(source, "gone");
  await source.create(ConfigMap, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "gone" },
  });
  await backUp("gone-1", { includedNamespaces: ["gone"] });
  await completed(host, "gone-1");
  await source.create(DeleteBackupRequest, {
    apiVersion: "velero.io/v1",
    kind: "DeleteBackupRequest",
    metadata: { name: "gone-1", namespace },
    spec: { backupName: "gone-1" },
  });
  const found = (): Promise<Backup | undefined> =>
    source.find(Backup, { name: "gone-1", namespace });
  await expect.poll(found).toBeUndefined();
  const foundElsewhere = (): Promise<Backup | undefined> =>
    host.find(Backup, { name: "gone-1", namespace });
  await expect.poll(foundElsewhere).toBeUndefined();
  const request = (): Promise<DeleteBackupRequest | undefined> =>
    source.find(DeleteBackupRequest, { name: "gone-1", namespace });
  await expect.poll(request).toBeUndefined();
});

test("ends at the next start what was in progress, and goes on with what was not begun", async () => {
  const meta = (name: string) => ({ name, namespace });
  await lab.source.create(Backup, {
    apiVersion: "velero.io/v1",
    kind: "Backup",
    metadata: meta("cut-off"),
    spec: { storageLocation: "store" },
    status: { phase: "InProgress" },
  });
  await lab.source.create(Restore, {
    apiVersion: "velero.io/v1",
    kind: "Restore",
    metadata: meta("cut-off"),
    spec: { backupName: "moving-1" },
    status: { phase: "InProgress" },
  });
  await lab.source.create(PodVolumeRestore, {
    apiVersion: "velero.io/v1",
    kind: "PodVolumeRestore",
    metadata: meta("cut-off"),
    spec: {
      pod: { name: "p", namespace: "moving" },
      volume: "v",
      backupStorageLocation: "store",
      repoIdentifier: "",
      snapshotID: "1",
      sourceNamespace: "moving",
    },
    status: { phase: "InProgress" },
  });
  await lab.host.close();
  const again = await lab.running.again();
  lab = { ...lab, running: again, source: again.source, close: () => again.close() };
  const backup = await lab.source.get(Backup, meta("cut-off"));
  expect(backup.status).toMatchObject({ phase: "Failed" });
  expect(backup.status?.failureReason).toContain("during the server starting");
  expect((await lab.source.get(Restore, meta("cut-off"))).status?.phase).toBe("Failed");
  expect((await lab.source.get(PodVolumeRestore, meta("cut-off"))).status?.phase).toBe("Failed");
  await addLocation(lab.source, lab);
  await createNamespace(lab.source, "later");
  await backUp("later-1", { includedNamespaces: ["later"] });
});
