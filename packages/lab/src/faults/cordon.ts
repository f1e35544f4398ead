import type { Cluster } from "@drover/kube";
import { Node } from "../node/kinds/cluster-objects.ts";
import { isUnschedulable } from "../node/controllers/node-fit.ts";
import { nameOf } from "../node/kinds/lab-kind.ts";

/** Marks a node that was closed here: one that somebody else closed stays as it is. */
const mark = "lab.drover.dev/closed-by-faults";

/** Closes the nodes of a cluster for new pods, as `kubectl cordon` does, or opens those it closed. */
export async function cordon(cluster: Cluster, isClosed: boolean): Promise<void> {
  for (const node of await cluster.list(Node)) {
    const isOurs = node.metadata.annotations?.[mark] !== undefined;
    if (isOurs === isClosed || (isClosed && isUnschedulable(node))) continue;
    const value = isClosed ? "true" : null;
    const body = {
      metadata: { annotations: { [mark]: value } },
      spec: { unschedulable: isClosed ? true : null },
    };
    await cluster.patch(Node, { name: nameOf(node) }, { type: "merge", body });
  }
}
