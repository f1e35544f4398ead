import type { KubeObject, ResourceKind } from "@drover/crds";
import { isDeleting, keyOf } from "../kinds/lab-kind.ts";
import { Pod } from "../kinds/pod.ts";
import type { PodTemplate } from "../kinds/pod.ts";
import { ReplicaSet, ReplicationController } from "../kinds/workload.ts";
import type { ReplicaStatus } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";
import { matchesLabels, matchesSelector } from "../runtime/label-match.ts";
import { claim, isActive, leastUsefulFirst, ownerKeys, podOf, readiness } from "./owned-pods.ts";
import { writeStatus } from "./status-change.ts";

type Replicated = KubeObject & {
  spec: { replicas?: number; minReadySeconds?: number; template?: PodTemplate };
  status?: ReplicaStatus;
};

type Shape<T> = {
  readonly name: string;
  readonly kind: ResourceKind<T & KubeObject>;
  readonly selects: (owner: T, labels: Record<string, string> | undefined) => boolean;
};

/** Keeps as many pods as a ReplicaSet wants. */
export function replicaSetController(view: ClusterView): Controller {
  return replicaController(view, {
    name: "replicaset-controller",
    kind: ReplicaSet,
    selects: (set: ReplicaSet, labels) => matchesSelector(set.spec.selector, labels),
  });
}

/** Keeps as many pods as a ReplicationController wants. */
export function replicationControllerController(view: ClusterView): Controller {
  return replicaController(view, {
    name: "replication-controller",
    kind: ReplicationController,
    selects: (controller: ReplicationController, labels) =>
      matchesLabels(
        controller.spec.selector ?? controller.spec.template?.metadata?.labels ?? {},
        labels,
      ),
  });
}

function replicaController<T extends Replicated>(view: ClusterView, shape: Shape<T>): Controller {
  const { kind, selects } = shape;
  const events = eventRecorder(view, shape.name);
  const mightOwn = (owner: T, object: KubeObject): boolean =>
    selects(owner, object.metadata.labels);
  return {
    name: shape.name,
    triggers: [
      onChangeOf(kind, (object) => [keyOf(object)]),
      onChangeOf(Pod, ownerKeys(kind, mightOwn)),
    ],
    async reconcile(key) {
      const object = view.watch(kind).find(key);
      if (object === undefined || isDeleting(object)) return undefined;
      const fits = (pod: Pod): boolean => isActive(pod) && selects(object, pod.metadata.labels);
      const pods = await claim(view, { kind, object }, { kind: Pod, fits });
      const active = pods.filter(isActive);
      await scale(view, { kind, object, active, events });
      const { ready, available, nextMs } = readiness(active, object.spec.minReadySeconds);
      const status = {
        observedGeneration: object.metadata.generation ?? 0,
        replicas: active.length,
        fullyLabeledReplicas: active.length,
        readyReplicas: ready,
        availableReplicas: available,
      };
      await writeStatus(view, kind, { object, status });
      return nextMs;
    },
  };
}

type Scaling<T extends Replicated> = {
  readonly kind: ResourceKind<T>;
  readonly object: T;
  readonly active: readonly Pod[];
  readonly events: EventRecorder;
};

async function scale<T extends Replicated>(view: ClusterView, scaling: Scaling<T>): Promise<void> {
  const { kind, object, active, events } = scaling;
  const { template, replicas = 1 } = object.spec;
  const missing = replicas - active.length;
  if (missing > 0 && template !== undefined) {
    const created = await Promise.all(
      Array.from({ length: missing }, () =>
        view.create(Pod, podOf({ kind, object }, { template })),
      ),
    );
    for (const pod of created) {
      if (pod !== undefined)
        events.normal(object, "SuccessfulCreate", `Created pod: ${keyOf(pod)}`);
    }
  }
  if (missing < 0) {
    const surplus = leastUsefulFirst(active).slice(0, -missing);
    await Promise.all(surplus.map((pod) => view.remove(Pod, pod)));
    for (const pod of surplus)
      events.normal(object, "SuccessfulDelete", `Deleted pod: ${keyOf(pod)}`);
  }
}
