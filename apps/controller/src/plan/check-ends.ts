import { MigCluster, MigStorage, hasCondition, isRefSet, isReady } from "@drover/crds";
import type { MigPlan, ObjectReference } from "@drover/crds";
import { ClusterNotUsable } from "../runtime/cluster-pool.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import { readClusterSettings } from "../settings/cluster-settings.ts";
import type { Side } from "./plan-scope.ts";

type EndWords = {
  readonly role: "Source" | "Destination";
  readonly field: string;
  readonly ref: ObjectReference | undefined;
};

/** The two ends of a plan, each undefined when a condition says why it cannot be used. */
export async function readEnds(
  deps: ReconcilerDeps,
  pass: Pass<MigPlan>,
): Promise<{ source: Side | undefined; destination: Side | undefined }> {
  const { spec } = pass.object;
  const from = {
    role: "Source",
    field: "spec.srcMigClusterRef",
    ref: spec.srcMigClusterRef,
  } as const;
  const to = {
    role: "Destination",
    field: "spec.destMigClusterRef",
    ref: spec.destMigClusterRef,
  } as const;
  return { source: await readEnd(deps, pass, from), destination: await readEnd(deps, pass, to) };
}

async function readEnd(
  deps: ReconcilerDeps,
  pass: Pass<MigPlan>,
  end: EndWords,
): Promise<Side | undefined> {
  const migCluster = await readCluster(deps, pass, end);
  if (!migCluster) return undefined;
  const name = migCluster.metadata.name ?? "";
  if (!isReady(migCluster)) {
    pass.conditions.set({
      type: `${end.role}ClusterNotReady`,
      category: "Critical",
      message: `Cluster ${name} is not ready. Its own conditions say why; mend it there.`,
    });
    return undefined;
  }
  checkRegistry(pass, end, migCluster);
  return openSide(deps, pass, migCluster);
}

async function readCluster(
  deps: ReconcilerDeps,
  { conditions }: Pass<MigPlan>,
  { role, field, ref }: EndWords,
): Promise<MigCluster | undefined> {
  const type = `Invalid${role}ClusterRef`;
  if (!isRefSet(ref)) {
    const message = `${field} needs the namespace and the name of a MigCluster.`;
    conditions.set({ type, category: "Critical", reason: "NotSet", message });
    return undefined;
  }
  const { namespace, name } = ref;
  const found = await deps.host.find(MigCluster, { namespace, name });
  if (!found) {
    const message = `${field} names MigCluster ${name} in ${namespace}, which does not exist. Add the cluster, or choose another.`;
    conditions.set({ type, category: "Critical", reason: "NotFound", message });
  }
  return found;
}

/** Images that go straight from registry to registry need both registries to be reachable from outside. */
function checkRegistry(
  { object, conditions }: Pass<MigPlan>,
  end: EndWords,
  migCluster: MigCluster,
) {
  if (object.spec.indirectImageMigration || migCluster.status?.registryPath) return;
  const name = migCluster.metadata.name ?? "";
  conditions.set({
    type: `${end.role}ClusterNoRegistryPath`,
    category: "Critical",
    reason: "NotSet",
    message: `Cluster ${name} has no exposed registry, which direct image migration needs. Set its exposedRegistryPath, or migrate images indirectly.`,
  });
}

async function openSide(
  deps: ReconcilerDeps,
  { conditions }: Pass<MigPlan>,
  migCluster: MigCluster,
): Promise<Side | undefined> {
  const { name = "", namespace = "" } = migCluster.metadata;
  try {
    const cluster = await deps.clusters.connect({ namespace, name });
    const settings = await readClusterSettings(cluster, deps.namespace);
    let discovered: ReturnType<typeof cluster.discovery> | undefined;
    return { migCluster, cluster, settings, discovery: () => (discovered ??= cluster.discovery()) };
  } catch (error) {
    // It was ready a moment ago; its own reconciler will say what happened.
    if (!(error instanceof ClusterNotUsable)) throw error;
    conditions.set({ type: "ReconcileFailed", category: "Critical", message: error.message });
    return undefined;
  }
}

/** The plan's repository, undefined when a condition says why it cannot be used. */
export async function readStorage(
  deps: ReconcilerDeps,
  { object, conditions }: Pass<MigPlan>,
): Promise<MigStorage | undefined> {
  const ref = object.spec.migStorageRef;
  const type = "InvalidStorageRef";
  if (!isRefSet(ref)) {
    const message = "spec.migStorageRef needs the namespace and the name of a MigStorage.";
    conditions.set({ type, category: "Critical", reason: "NotSet", message });
    return undefined;
  }
  const { namespace, name } = ref;
  const storage = await deps.host.find(MigStorage, { namespace, name });
  if (!storage) {
    const message = `Replication repository ${name} in ${namespace} does not exist. Add it, or choose another.`;
    conditions.set({ type, category: "Critical", reason: "NotFound", message });
    return undefined;
  }
  if (isReady(storage)) return storage;
  const message = `Replication repository ${name} is not ready. Its own conditions say why; mend it there.`;
  conditions.set({ type: "StorageNotReady", category: "Critical", message });
  return undefined;
}

/** Whether the software on both clusters fits. */
export function checkVersions(
  { conditions }: Pass<MigPlan>,
  ...sides: readonly (Side | undefined)[]
) {
  const odd = sides.flatMap((side) =>
    side && hasVersionWarning(side.migCluster) ? [side.migCluster.metadata.name ?? ""] : [],
  );
  if (odd.length === 0) return;
  conditions.set({
    type: "ClusterVersionMismatch",
    category: "Warn",
    reason: "Conflict",
    message: `The versions on the clusters differ or are not known (${odd.join(", ")}). Bring both to the same version before a migration.`,
  });
}

function hasVersionWarning({ status }: MigCluster): boolean {
  const types = ["OperatorVersionMismatch", "ClusterOperatorVersionNotFound"];
  return hasCondition(status?.conditions, ...types);
}
