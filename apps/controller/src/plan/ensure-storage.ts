import { BackupStorageLocation, Secret, VolumeSnapshotLocation, isRefSet } from "@drover/crds";
import type { KubeObject, MigPlan, MigStorage, ObjectReference, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { isDeepStrictEqual } from "node:util";
import { planSelector, storageManifests } from "./storage-manifests.ts";
import type { StorageManifests } from "./storage-manifests.ts";
import type { PlanScope, Side } from "./plan-scope.ts";

const FIELD_MANAGER = "drover-controller";

/** Makes the repository known to Velero on both clusters. */
export async function ensureStorage(scope: PlanScope): Promise<void> {
  const { source, destination, storage, pass } = scope;
  if (!source || !destination || !storage) return;
  const backup = await readCredentials(scope, storage.spec.backupStorageConfig.credsSecretRef);
  const snapshots = storage.spec.volumeSnapshotProvider
    ? await readCredentials(scope, storage.spec.volumeSnapshotConfig?.credsSecretRef)
    : backup;
  if (!backup || !snapshots) return;
  for (const side of [source, destination]) {
    const manifests = manifestsFor(scope, { storage, side, backup, snapshots });
    await applyManifests(side.cluster, manifests);
    await deleteEarlier(side.cluster, scope.plan, manifests);
  }
  pass.conditions.set({
    type: "StorageEnsured",
    category: "Required",
    reason: "Done",
    message: "Velero on both clusters knows the replication repository.",
  });
}

type Parts = {
  readonly storage: MigStorage;
  readonly side: Side;
  readonly backup: Secret;
  readonly snapshots: Secret;
};

function manifestsFor({ plan, deps }: PlanScope, parts: Parts): StorageManifests {
  return storageManifests({
    plan,
    storage: parts.storage,
    credentials: parts.backup,
    snapshotCredentials: parts.snapshots,
    azureResourceGroup: parts.side.migCluster.spec.azureResourceGroup,
    namespace: deps.namespace,
  });
}

async function applyManifests(cluster: Cluster, manifests: StorageManifests): Promise<void> {
  await ensure(cluster, Secret, manifests.secret);
  await ensure(cluster, BackupStorageLocation, manifests.backupLocation);
  await ensure(cluster, VolumeSnapshotLocation, manifests.snapshotLocation);
}

/** Applies an object, unless it is there as it should be: a write that changes nothing still wakes others. */
async function ensure<T extends KubeObject & { spec?: unknown; data?: unknown }>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  wanted: T,
): Promise<void> {
  const { name = "", namespace = "" } = wanted.metadata;
  const found = await cluster.find(kind, { name, namespace });
  const isSame = found && holds(partsOf(found), partsOf(wanted));
  if (!isSame) await cluster.apply(kind, wanted, { fieldManager: FIELD_MANAGER });
}

function partsOf({ metadata, spec, data }: KubeObject & { spec?: unknown; data?: unknown }) {
  return { labels: metadata.labels, spec, data };
}

/** Whether a value has everything that is wanted; servers and other controllers may have added to it. */
function holds(found: unknown, wanted: unknown): boolean {
  if (!isRecord(found) || !isRecord(wanted)) return isDeepStrictEqual(found, wanted);
  return Object.entries(wanted).every(
    ([key, value]) => value === undefined || holds(found[key], value),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Forgets the repository that the plan used before, so that nothing finds two of them. */
async function deleteEarlier(
  cluster: Cluster,
  plan: MigPlan,
  { backupLocation }: StorageManifests,
): Promise<void> {
  const { name, namespace = "" } = backupLocation.metadata;
  const labelSelector = planSelector(plan);
  const locations = await cluster.list(BackupStorageLocation, { namespace, labelSelector });
  for (const { metadata } of locations.filter((location) => location.metadata.name !== name)) {
    const ref = { name: metadata.name ?? "", namespace };
    await cluster.delete(BackupStorageLocation, ref);
    await cluster.delete(VolumeSnapshotLocation, ref);
    await cluster.delete(Secret, ref);
  }
}

async function readCredentials(
  { deps }: PlanScope,
  ref: ObjectReference | undefined,
): Promise<Secret | undefined> {
  if (!isRefSet(ref)) return undefined;
  return deps.host.find(Secret, { namespace: ref.namespace, name: ref.name });
}
