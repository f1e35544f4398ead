import type { KubeObject } from "@drover/crds";
import { Node } from "../kinds/cluster-objects.ts";
import { isDeleting, keyOf } from "../kinds/lab-kind.ts";
import { isFinished, isReady, Pod } from "../kinds/pod.ts";
import { DaemonSet } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { matchesSelector } from "../runtime/label-match.ts";
import { fitsNode } from "./node-fit.ts";
import { claim, isActive, ownerKeys, podOf } from "./owned-pods.ts";
import { revisionLabel } from "./stateful-pod.ts";
import { writeStatus } from "./status-change.ts";
import { templateHash } from "./template-hash.ts";

/** Keeps one pod of a DaemonSet on each node that its template fits. */
export function daemonSetController(view: ClusterView): Controller {
  const mightOwn = (set: DaemonSet, object: KubeObject): boolean =>
    matchesSelector(set.spec.selector, object.metadata.labels);
  return {
    name: "daemonset-controller",
    triggers: [
      onChangeOf(DaemonSet, (set) => [keyOf(set)]),
      onChangeOf(Pod, ownerKeys(DaemonSet, mightOwn)),
      onChangeOf(Node, (_node, { watch }) => watch(DaemonSet).list().map(keyOf)),
    ],
    async reconcile(key) {
      const set = view.watch(DaemonSet).find(key);
      if (set === undefined || isDeleting(set)) return undefined;
      const owner = { kind: DaemonSet, object: set };
      const pods = await claim(view, owner, {
        kind: Pod,
        fits: (pod) => isActive(pod) && mightOwn(set, pod),
      });
      const nodes = view
        .watch(Node)
        .list()
        .filter((node) => fitsNode(set.spec.template.spec, node));
      await place(view, set, { pods, wanted: nodes.length });
      await writeStatus(view, DaemonSet, {
        object: set,
        status: statusOf(set, pods, nodes.length),
      });
      return undefined;
    },
  };
}

type Placing = { readonly pods: readonly Pod[]; readonly wanted: number };

async function place(view: ClusterView, set: DaemonSet, { pods, wanted }: Placing): Promise<void> {
  for (const pod of pods) if (isFinished(pod) && !isDeleting(pod)) await view.remove(Pod, pod);
  const active = pods.filter((pod) => !isFinished(pod));
  const revision = templateHash(set.spec.template);
  const isRolling = set.spec.updateStrategy?.type !== "OnDelete";
  const surplus = active.slice(wanted);
  const outdated = active.filter(
    (pod) => isRolling && pod.metadata.labels?.[revisionLabel] !== revision,
  );
  for (const pod of new Set([...surplus, ...outdated]))
    if (!isDeleting(pod)) await view.remove(Pod, pod);
  const labels = { [revisionLabel]: revision };
  const { template } = set.spec;
  for (let count = active.length; count < wanted; count += 1) {
    await view.create(Pod, podOf({ kind: DaemonSet, object: set }, { template, labels }));
  }
}

function statusOf(set: DaemonSet, pods: readonly Pod[], wanted: number): Record<string, unknown> {
  const active = pods.filter((pod) => isActive(pod) && pod.spec.nodeName !== undefined);
  const ready = active.filter(isReady).length;
  const revision = templateHash(set.spec.template);
  return {
    observedGeneration: set.metadata.generation ?? 0,
    currentNumberScheduled: active.length,
    desiredNumberScheduled: wanted,
    numberMisscheduled: Math.max(0, active.length - wanted),
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: Math.max(0, wanted - ready),
    updatedNumberScheduled: active.filter(
      (pod) => pod.metadata.labels?.[revisionLabel] === revision,
    ).length,
  };
}
