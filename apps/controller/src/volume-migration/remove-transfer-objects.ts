import { Pod, Route, Secret, Service } from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { transferSelector } from "../manifests/transfer-run.ts";
import type { TransferRun } from "../manifests/transfer-run.ts";

/** Asks a cluster to delete everything that was there for the transfer only. Safe to repeat. */
export async function removeTransferObjects(
  cluster: Cluster,
  run: Pick<TransferRun, "uid">,
): Promise<void> {
  await removeAll(cluster, Pod, run);
  await removeAll(cluster, Service, run);
  await removeAll(cluster, Secret, run);
  await removeAll(cluster, Route, run);
}

async function removeAll<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  run: Pick<TransferRun, "uid">,
): Promise<void> {
  for (const { metadata } of await listIfServed(cluster, kind, transferSelector(run))) {
    const { name = "", namespace = "", deletionTimestamp } = metadata;
    if (deletionTimestamp === undefined) await cluster.delete(kind, { name, namespace });
  }
}

/** Nothing where the cluster does not know the kind, as a Kubernetes cluster does not know Routes. */
async function listIfServed<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  labelSelector: string,
): Promise<T[]> {
  try {
    return await cluster.list(kind, { labelSelector });
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return [];
    throw error;
  }
}
