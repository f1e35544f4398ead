import { PersistentVolume } from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster, DiscoveredResource } from "@drover/kube";
import { z } from "zod";
import { planSelector } from "../../manifests/migration-run.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import { RESTORE_LABEL, finalRestoreNames } from "../migrated-objects.ts";
import { targetNamespaces } from "../migration-scope.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";

/** Kinds asked at the same time. */
const PARALLEL = 8;
/** Velero's own objects live elsewhere; events pass by themselves, and these are views on other objects. */
const NEVER: readonly string[] = ["events", "endpointslices", "podmetrics", "packagemanifests"];

/** Objects are only listed and deleted here, so nothing of them is read but their metadata. */
const AnyKubeObject = z.custom<KubeObject>();

type Migrated = { readonly kind: ResourceKind; readonly object: KubeObject };

/** Done when everything that the plan brought to the target was asked to go. */
export const deleteMigrated: MigrationStep = {
  name: "DeleteMigrated",
  isDone: ({ isPast }) => isPast("DeleteMigrated"),
  async run(scope) {
    for (const { kind, object } of await findMigrated(scope)) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      await remove(scope.target.cluster, kind, object);
    }
    return done;
  },
};

/** Done when none of it is left. */
export const awaitMigratedDeleted: MigrationStep = {
  name: "EnsureMigratedDeleted",
  isDone: ({ isPast }) => isPast("EnsureMigratedDeleted"),
  async run(scope) {
    const { target } = scope;
    const found = await findMigrated(scope);
    const left: Migrated[] = [];
    for (const one of found) if (await isStillThere(scope, one)) left.push(one);
    if (left.length === 0) return done;
    scope.showProgress(
      left.map(
        ({ kind, object }) =>
          `${kind.kind} ${object.metadata.namespace ?? ""}/${object.metadata.name ?? ""}: Terminating`,
      ),
    );
    return waiting({
      reason: "DeletingMigrated",
      message: `Waiting for migrated objects to be gone from cluster ${target.ref.name}.`,
    });
  },
};

/** Looks where the watch looks, so that no end goes unnoticed between the two. */
async function isStillThere(
  { pass, target }: MigrationScope,
  { kind, object }: Migrated,
): Promise<boolean> {
  const { name = "", namespace, uid } = object.metadata;
  const place = namespace === undefined ? {} : { namespace };
  const watched = await pass.wakeOn({ cluster: target.cluster, kind, ...place });
  const now = watched.find({ name, ...place });
  if (now === undefined || now.metadata.uid !== uid) return false;
  if (now.metadata.deletionTimestamp === undefined) await remove(target.cluster, kind, object);
  return true;
}

async function remove(cluster: Cluster, kind: ResourceKind, object: KubeObject): Promise<void> {
  const { name = "", namespace } = object.metadata;
  const ref = namespace === undefined ? { name } : { name, namespace };
  await cluster.delete(kind, ref, { propagation: "Background" });
}

/** What the plan's runs brought: by the plan's label, and by the names of their restores. */
async function findMigrated(scope: MigrationScope): Promise<Migrated[]> {
  const { target, pass } = scope;
  const kinds = migratableKinds(await target.cluster.discovery(pass.signal));
  const namespaces = new Set(targetNamespaces(scope));
  const found: Migrated[] = [];
  for (let at = 0; at < kinds.length; at += PARALLEL) {
    const batch = kinds.slice(at, at + PARALLEL).map((kind) => findOfKind(scope, kind));
    found.push(...(await Promise.all(batch)).flat());
  }
  return found.filter(
    ({ kind, object }) =>
      (!kind.namespaced && isRetained(kind, object)) ||
      namespaces.has(object.metadata.namespace ?? ""),
  );
}

async function findOfKind(scope: MigrationScope, kind: ResourceKind): Promise<Migrated[]> {
  const byUid = new Map<string, Migrated>();
  for (const labelSelector of selectorsOf(scope)) {
    for (const object of await listIfAllowed(scope.target.cluster, kind, labelSelector)) {
      byUid.set(object.metadata.uid ?? "", { kind, object });
    }
  }
  return [...byUid.values()];
}

function selectorsOf(scope: MigrationScope): string[] {
  const restores = finalRestoreNames(scope);
  const byPlan = planSelector(scope.run);
  return restores.length === 0 ? [byPlan] : [byPlan, `${RESTORE_LABEL} in (${restores.join(",")})`];
}

async function listIfAllowed(
  cluster: Cluster,
  kind: ResourceKind,
  labelSelector: string,
): Promise<KubeObject[]> {
  try {
    return await cluster.list(kind, { labelSelector });
  } catch (error) {
    // Some servers announce kinds that they cannot list.
    if (error instanceof KubeError && (error.isNotFound || error.code === 405)) return [];
    throw error;
  }
}

/** Every kind in namespaces that can be listed and deleted, and volumes. */
function migratableKinds(served: readonly DiscoveredResource[]): ResourceKind[] {
  const kinds = served.filter(
    ({ namespaced, preferred, plural, verbs }) =>
      namespaced &&
      preferred &&
      !plural.includes("/") &&
      !NEVER.includes(plural) &&
      verbs.includes("list") &&
      verbs.includes("delete"),
  );
  return [...kinds.map(untyped), PersistentVolume];
}

function untyped({ group, version, kind, plural, namespaced }: DiscoveredResource): ResourceKind {
  return { group, version, kind, plural, namespaced, schema: AnyKubeObject };
}

/** A volume that would stay behind its claim; others go with it. */
function isRetained(kind: ResourceKind, object: KubeObject & { spec?: unknown }): boolean {
  if (kind.kind !== PersistentVolume.kind) return false;
  const spec = (object.spec ?? {}) as { persistentVolumeReclaimPolicy?: string };
  return spec.persistentVolumeReclaimPolicy === "Retain";
}
