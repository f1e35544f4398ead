import {
  Backup,
  BackupStorageLocation,
  Deployment,
  ImageStream,
  MigCluster,
  Pod,
  Restore,
  Secret,
  Service,
  VolumeSnapshotLocation,
  isReady,
} from "@drover/crds";
import type { MigPlan, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import { planSelector } from "./storage-manifests.ts";

const OWNED_KINDS = [
  Deployment,
  Service,
  Pod,
  Secret,
  ImageStream,
  Backup,
  Restore,
  BackupStorageLocation,
  VolumeSnapshotLocation,
] as const;

/** Deletes what belongs to a closed plan on every cluster that can be reached, and says so. */
export async function closePlan(deps: ReconcilerDeps, pass: Pass<MigPlan>): Promise<void> {
  const { conditions, object: plan } = pass;
  if (conditions.before("Closed")?.status === "True") {
    conditions.keep("Closed");
    return;
  }
  const clusters = await deps.host.list(MigCluster, { namespace: deps.namespace });
  for (const migCluster of clusters.filter(isReady)) {
    const { name = "", namespace = "" } = migCluster.metadata;
    const cluster = await deps.clusters.connect({ namespace, name });
    const owned = { namespace: deps.namespace, labelSelector: planSelector(plan) };
    for (const kind of OWNED_KINDS) await deleteOwned(cluster, kind, owned);
  }
  conditions.set({
    type: "Closed",
    category: "Advisory",
    message: "The plan is closed; what belonged to it was deleted on the clusters that are ready.",
  });
}

/**
 * Only in our own namespace: application pods elsewhere may still carry the plan's labels after a run that failed,
 * and they are not ours to delete.
 */
async function deleteOwned(
  cluster: Cluster,
  kind: ResourceKind,
  owned: { readonly namespace: string; readonly labelSelector: string },
): Promise<void> {
  try {
    for await (const page of cluster.pages(kind, owned)) {
      for (const { metadata } of page.items) {
        const ref = { name: metadata.name ?? "", namespace: owned.namespace };
        await cluster.delete(kind, ref, { propagation: "Background" });
      }
    }
  } catch (error) {
    // A cluster without the kind has none of its objects.
    if (!(error instanceof KubeError) || !error.isNotFound) throw error;
  }
}
