import { KubeError } from "@drover/kube";
import { Node } from "../kinds/cluster-objects.ts";
import { isDeleting, keyOf, nameOf, namespaceOf, refOf, uidOf } from "../kinds/lab-kind.ts";
import { isFinished, Pod } from "../kinds/pod.ts";
import type { PodCondition } from "../kinds/pod.ts";
import { PersistentVolumeClaim, StorageClass } from "../kinds/storage.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import { fitsNode, isUnschedulable } from "./node-fit.ts";

/** Set on a claim that waits for its first pod: now it may be provisioned. */
export const selectedNodeAnnotation = "volume.kubernetes.io/selected-node";

const schedulerName = "default-scheduler";

/** Binds pods to a node that fits, once their claims are bound. */
export function schedulerController(view: ClusterView): Controller {
  const events = eventRecorder(view, schedulerName);
  const waitingIn = (namespace?: string): string[] =>
    view.watch(Pod).list(namespace).filter(isWaiting).map(keyOf);
  return {
    name: schedulerName,
    triggers: [
      onChangeOf(Pod, (pod) => (isWaiting(pod) ? [keyOf(pod)] : [])),
      onChangeOf(PersistentVolumeClaim, (claim) => waitingIn(namespaceOf(claim))),
      onChangeOf(Node, () => waitingIn()),
      onChangeOf(StorageClass, () => waitingIn()),
    ],
    async reconcile(key) {
      const pod = view.watch(Pod).find(key);
      if (pod === undefined || !isWaiting(pod)) return undefined;
      const placing = await findNode(view, pod);
      if (placing.node === undefined) {
        if (placing.isFinal) events.warning(pod, "FailedScheduling", placing.message);
        await explain(view, pod, placing.message);
        return undefined;
      }
      const isBound = await bind(view, pod, nameOf(placing.node));
      if (!isBound) return undefined;
      const where = `Successfully assigned ${key} to ${nameOf(placing.node)}`;
      events.normal(pod, "Scheduled", where);
      return undefined;
    },
  };
}

/** Pods that name another scheduler wait for that one, for ever if there is none. */
function isWaiting(pod: Pod): boolean {
  if ((pod.spec.schedulerName ?? schedulerName) !== schedulerName) return false;
  return pod.spec.nodeName === undefined && !isDeleting(pod) && !isFinished(pod);
}

type Placing =
  | { readonly node: Node }
  | { readonly node: undefined; readonly message: string; readonly isFinal: boolean };

async function findNode(view: ClusterView, pod: Pod): Promise<Placing> {
  const nodes = view.watch(Node).list();
  const node = nodes.find((one) => fitsNode(pod.spec, one));
  if (node === undefined) {
    return { node, message: noNode(nodes), isFinal: true };
  }
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName;
    const unmet = name === undefined ? undefined : await waitsForClaim(view, pod, { name, node });
    if (unmet !== undefined) return { node: undefined, ...unmet };
  }
  return { node };
}

/** In the real scheduler's words. */
function noNode(nodes: readonly Node[]): string {
  const closed = nodes.filter(isUnschedulable).length;
  const reasons = [
    ...(closed > 0 ? [`${closed} node(s) were unschedulable`] : []),
    ...(closed < nodes.length
      ? [`${nodes.length - closed} node(s) didn't match Pod's node affinity/selector`]
      : []),
  ];
  return `0/${nodes.length} nodes are available: ${reasons.join(", ")}.`;
}

type Unmet = { readonly message: string; readonly isFinal: boolean };

async function waitsForClaim(
  view: ClusterView,
  pod: Pod,
  { name, node }: { readonly name: string; readonly node: Node },
): Promise<Unmet | undefined> {
  const claim = view.watch(PersistentVolumeClaim).find(`${namespaceOf(pod)}/${name}`);
  if (claim === undefined || isDeleting(claim)) {
    return { message: `persistentvolumeclaim "${name}" not found`, isFinal: true };
  }
  if (claim.status?.phase === "Bound") return undefined;
  const storageClass = view.watch(StorageClass).find(claim.spec.storageClassName ?? "");
  if (storageClass?.volumeBindingMode !== "WaitForFirstConsumer") {
    return { message: "pod has unbound immediate PersistentVolumeClaims.", isFinal: true };
  }
  if (claim.metadata.annotations?.[selectedNodeAnnotation] === undefined) {
    const annotations = { [selectedNodeAnnotation]: nameOf(node) };
    await view.change(PersistentVolumeClaim, claim, { metadata: { annotations } });
  }
  return {
    message: `waiting for persistentvolumeclaim "${name}" to be provisioned`,
    isFinal: false,
  };
}

/** False when the pod was bound before, which the watch will tell soon, or is gone. Throws what has to be tried again. */
async function bind(view: ClusterView, pod: Pod, nodeName: string): Promise<boolean> {
  const body = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: nameOf(pod), namespace: namespaceOf(pod), uid: uidOf(pod) },
    target: { apiVersion: "v1", kind: "Node", name: nodeName },
  };
  try {
    await view.cluster.createSubresource(Pod, refOf(keyOf(pod)), "binding", body);
    return true;
  } catch (error) {
    if (!(error instanceof KubeError && (error.isConflict || error.isNotFound))) throw error;
    const now = await view.cluster.find(Pod, refOf(keyOf(pod)));
    const isStillWaiting = now !== undefined && uidOf(now) === uidOf(pod) && isWaiting(now);
    if (isStillWaiting) throw error;
    return false;
  }
}

async function explain(view: ClusterView, pod: Pod, message: string): Promise<void> {
  const before = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (before?.message === message) return;
  const condition: PodCondition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime:
      before?.lastTransitionTime ?? new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  };
  await view.changeStatus(Pod, pod, { phase: "Pending", conditions: [condition] });
}
