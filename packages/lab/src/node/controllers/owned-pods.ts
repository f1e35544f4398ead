import type { KubeObject, ResourceKind } from "@drover/crds";
import {
  controllerOf,
  controllerReference,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  typeOf,
  uidOf,
} from "../kinds/lab-kind.ts";
import { isFinished, isReady, Pod, readySince } from "../kinds/pod.ts";
import type { PodTemplate } from "../kinds/pod.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";

export type Owner<T extends KubeObject = KubeObject> = {
  readonly kind: ResourceKind<T>;
  readonly object: T;
};

export type NewPod = {
  readonly template: PodTemplate;
  /** A name of its own, or one made from the owner's. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
};

/** A pod as its owner's template describes it. */
export function podOf(owner: Owner, { template, name, labels }: NewPod): Pod {
  return {
    ...typeOf(Pod),
    metadata: {
      ...(name === undefined ? { generateName: `${nameOf(owner.object)}-` } : { name }),
      namespace: namespaceOf(owner.object),
      labels: { ...template.metadata?.labels, ...labels },
      annotations: { ...template.metadata?.annotations },
      ownerReferences: [controllerReference(owner.kind, owner.object)],
    },
    spec: structuredClone(template.spec),
  };
}

export type Claim<T extends KubeObject> = {
  readonly kind: ResourceKind<T>;
  readonly fits: (object: T) => boolean;
};

/**
 * The objects an owner controls. Those that fit and have no controller are taken over, as happens to objects that a
 * restore brought back without their owner.
 */
export async function claim<T extends KubeObject>(
  view: ClusterView,
  owner: Owner,
  { kind, fits }: Claim<T>,
): Promise<T[]> {
  const claimed: T[] = [];
  for (const object of view.watch(kind).list(namespaceOf(owner.object))) {
    const controller = controllerOf(object);
    if (controller?.uid === uidOf(owner.object)) claimed.push(object);
    if (controller !== undefined || isDeleting(object) || !fits(object)) continue;
    const ownerReferences = [
      ...(object.metadata.ownerReferences ?? []),
      controllerReference(owner.kind, owner.object),
    ];
    const adopted = await view.change(kind, object, { metadata: { ownerReferences } });
    if (adopted !== undefined) claimed.push(adopted);
  }
  return claimed;
}

/** Still running, or about to. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !isDeleting(pod);
}

/** The controllers an object wakes: its own, or, while it has none, those that might take it over. */
export function ownerKeys<T extends KubeObject>(
  kind: ResourceKind<T>,
  mightOwn: (owner: T, object: KubeObject) => boolean = () => false,
): (object: KubeObject, view: ClusterView) => string[] {
  return (object, view) => {
    const controller = controllerOf(object);
    const namespace = namespaceOf(object);
    if (controller !== undefined) {
      const group = controller.apiVersion.includes("/")
        ? controller.apiVersion.split("/", 1)[0]
        : "";
      return controller.kind === kind.kind && group === kind.group
        ? [`${namespace}/${controller.name}`]
        : [];
    }
    return view
      .watch(kind)
      .list(namespace)
      .filter((owner) => mightOwn(owner, object))
      .map(keyOf);
  };
}

/** How many pods are ready, and ready for so long that they count as available. */
export function readiness(
  pods: readonly Pod[],
  minReadySeconds = 0,
): { ready: number; available: number; nextMs: number | undefined } {
  const now = Date.now();
  const ready = pods.filter((pod) => isActive(pod) && isReady(pod));
  const waits = ready.map((pod) => (readySince(pod) ?? now) + minReadySeconds * 1000 - now);
  const pending = waits.filter((ms) => ms > 0);
  return {
    ready: ready.length,
    available: waits.length - pending.length,
    nextMs: pending.length === 0 ? undefined : Math.min(...pending),
  };
}

/** The pods to delete first: those that are of least use. */
export function leastUsefulFirst(pods: readonly Pod[]): Pod[] {
  const rank = (pod: Pod): number =>
    (pod.spec.nodeName === undefined ? 0 : 4) +
    (pod.status?.phase === "Running" ? 2 : 0) +
    (isReady(pod) ? 1 : 0);
  const age = (pod: Pod): string => pod.metadata.creationTimestamp ?? "";
  return pods.toSorted((a, b) => rank(a) - rank(b) || (age(a) < age(b) ? 1 : -1));
}
