import { Pod } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { Pass } from "../../runtime/reconciler.ts";

/** Kinds whose pods end when they are stopped. */
const STOPPABLE: readonly string[] = [
  "ReplicationController",
  "StatefulSet",
  "ReplicaSet",
  "DaemonSet",
  "Job",
];

type Places = {
  readonly cluster: Cluster;
  readonly namespaces: readonly string[];
  /** Every pod when absent. */
  readonly accepts?: (pod: Pod) => boolean;
};

/** Pods of stopped workloads that are not gone yet, as `namespace/name`. A change to any of them wakes the pass. */
export async function podsStillThere(
  pass: Pick<Pass, "wakeOn">,
  { cluster, namespaces, accepts = () => true }: Places,
): Promise<string[]> {
  const left: string[] = [];
  for (const namespace of namespaces) {
    const pods = await pass.wakeOn({ cluster, kind: Pod, namespace });
    left.push(
      ...pods
        .list()
        .filter((pod) => isStoppable(pod) && accepts(pod))
        .map(({ metadata }) => `${namespace}/${metadata.name ?? ""}`),
    );
  }
  return left.toSorted();
}

function isStoppable({ metadata, status }: Pod): boolean {
  const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
  return !isOver && Boolean(metadata.ownerReferences?.some(({ kind }) => STOPPABLE.includes(kind)));
}
