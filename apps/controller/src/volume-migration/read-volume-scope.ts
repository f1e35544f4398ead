import { MigCluster, MigMigration, PersistentVolumeClaim, isRefSet } from "@drover/crds";
import type { DirectVolumeMigration, ObjectReference } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import { readClusterSettings } from "../settings/cluster-settings.ts";
import { readControllerSettings } from "../settings/controller-settings.ts";
import { transferRunOf, volumeCopyOf } from "./transfer-run-of.ts";
import type { ClusterSide, RequestedIdentity, VolumeScope } from "./volume-scope.ts";

type Role = "Source" | "Destination";

/** What a pass works with; undefined when a condition now says what is missing. */
export async function readVolumeScope(
  pass: Pass<DirectVolumeMigration>,
  deps: ReconcilerDeps,
  isPast: (phase: string) => boolean,
): Promise<VolumeScope | undefined> {
  const { spec } = pass.object;
  const source = await readSide(pass, deps, { role: "Source", ref: spec.srcMigClusterRef });
  const target = await readSide(pass, deps, { role: "Destination", ref: spec.destMigClusterRef });
  const copies = spec.persistentVolumeClaims?.map(volumeCopyOf);
  if (copies === undefined) {
    critical(
      pass,
      { type: "InvalidPVCs", reason: "NotSet" },
      "spec.persistentVolumeClaims names no claims to copy.",
    );
  }
  if (!source || !target || !copies) return undefined;
  return {
    pass,
    deps,
    run: transferRunOf(pass.object),
    copies,
    source,
    target,
    settings: await readControllerSettings(deps.host, deps.namespace),
    requestedIdentity: await readRequestedIdentity(pass, deps),
    isPast,
  };
}

/** True when every claim is there on the source; else a condition names those that are not. */
export async function areClaimsFound({ pass, source, copies }: VolumeScope): Promise<boolean> {
  const missing: string[] = [];
  for (const { claim } of copies) {
    const found = await source.cluster.find(PersistentVolumeClaim, claim);
    if (!found) missing.push(`${claim.namespace}/${claim.name}`);
  }
  if (missing.length === 0) return true;
  pass.conditions.set({
    type: "PodsNotFoundOnSourceCluster",
    category: "Critical",
    reason: "NotFound",
    message: `Claims [] do not exist on cluster ${source.ref.name}. Refresh the plan and start again.`,
    items: missing,
  });
  return false;
}

async function readSide(
  pass: Pass<DirectVolumeMigration>,
  deps: ReconcilerDeps,
  { role, ref }: { readonly role: Role; readonly ref: ObjectReference | undefined },
): Promise<ClusterSide | undefined> {
  const invalid = role === "Source" ? "InvalidSourceClusterRef" : "InvalidDestinationClusterRef";
  const field = role === "Source" ? "spec.srcMigClusterRef" : "spec.destMigClusterRef";
  if (!isRefSet(ref)) {
    critical(pass, { type: invalid, reason: "NotSet" }, `${field} does not name a cluster.`);
    return undefined;
  }
  const clusters = await pass.wakeOn({
    cluster: deps.host,
    kind: MigCluster,
    namespace: deps.namespace,
  });
  const found = clusters.find(ref);
  if (!found) {
    critical(
      pass,
      { type: invalid, reason: "NotFound" },
      `${field} names ${ref.name}, which is not registered.`,
    );
    return undefined;
  }
  const isReady = found.status?.conditions?.some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  if (!isReady) {
    const message = `Cluster ${ref.name} is not ready. Its own conditions say why.`;
    critical(pass, { type: `${role}ClusterNotReady`, reason: "NotReady" }, message);
    return undefined;
  }
  const cluster = await deps.clusters.connect(ref);
  return { ref, cluster, settings: await readClusterSettings(cluster, deps.namespace) };
}

async function readRequestedIdentity(
  pass: Pass<DirectVolumeMigration>,
  deps: ReconcilerDeps,
): Promise<RequestedIdentity> {
  const owner = pass.object.metadata.ownerReferences?.find(
    ({ kind }) => kind === MigMigration.kind,
  );
  const migration =
    owner && (await deps.host.find(MigMigration, { ...pass.key, name: owner.name }));
  return {
    runAsRoot: migration?.spec.runAsRoot,
    runAsUser: migration?.spec.runAsUser,
    runAsGroup: migration?.spec.runAsGroup,
  };
}

function critical(
  pass: Pass<DirectVolumeMigration>,
  cause: { readonly type: string; readonly reason: string },
  message: string,
): void {
  pass.conditions.set({ ...cause, category: "Critical", message });
}
