import type { KubeObject } from "@drover/crds";
import {
  controllerOf,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  typeOf,
  uidOf,
} from "../kinds/lab-kind.ts";
import { isFinished, isReady, Pod } from "../kinds/pod.ts";
import { PersistentVolumeClaim } from "../kinds/storage.ts";
import { StatefulSet } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";
import { matchesSelector } from "../runtime/label-match.ts";
import { claim, isActive, ownerKeys } from "./owned-pods.ts";
import { claimName, ordinalOf, revisionLabel, statefulPod } from "./stateful-pod.ts";
import { writeStatus } from "./status-change.ts";
import { templateHash } from "./template-hash.ts";

/** Keeps a StatefulSet's pods: stable names, a claim each, one after the other. */
export function statefulSetController(view: ClusterView): Controller {
  const events = eventRecorder(view, "statefulset-controller");
  const mightOwn = (set: StatefulSet, object: KubeObject): boolean =>
    matchesSelector(set.spec.selector, object.metadata.labels) &&
    ordinalOf(set, object.metadata.name ?? "") !== undefined;
  return {
    name: "statefulset-controller",
    triggers: [
      onChangeOf(StatefulSet, (set) => [keyOf(set)]),
      onChangeOf(Pod, ownerKeys(StatefulSet, mightOwn)),
    ],
    async reconcile(key) {
      const set = view.watch(StatefulSet).find(key);
      if (set === undefined || isDeleting(set)) return undefined;
      const fits = (pod: Pod): boolean => mightOwn(set, pod);
      const pods = await claim(view, { kind: StatefulSet, object: set }, { kind: Pod, fits });
      await nextMove({ view, set, pods, events, revision: revisionOf(set) });
      const isOwn = (pod: Pod): boolean => controllerOf(pod)?.uid === uidOf(set);
      const after = view.watch(Pod).list(namespaceOf(set)).filter(isOwn);
      await writeStatus(view, StatefulSet, { object: set, status: statusOf(set, after) });
      return undefined;
    },
  };
}

type Scene = {
  readonly view: ClusterView;
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  readonly events: EventRecorder;
  readonly revision: string;
};

/** Does what can be done now: with OrderedReady that is one step, and each pod's change calls for the next. */
async function nextMove(scene: Scene): Promise<void> {
  const { set, pods } = scene;
  const isParallel = set.spec.podManagementPolicy === "Parallel";
  const first = set.spec.ordinals?.start ?? 0;
  const end = first + (set.spec.replicas ?? 1);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, nameOf(pod)) ?? -1, pod]));
  for (let ordinal = first; ordinal < end; ordinal += 1) {
    const isSettled = await settle(scene, ordinal, byOrdinal.get(ordinal));
    if (!isSettled && !isParallel) return;
  }
  const surplus = lastFirst(byOrdinal).filter(([ordinal]) => ordinal < first || ordinal >= end);
  for (const [, pod] of isParallel ? surplus : surplus.slice(0, 1)) await removePod(scene, pod);
  if (surplus.length === 0) await updateOne(scene, byOrdinal);
}

function lastFirst(byOrdinal: ReadonlyMap<number, Pod>): [number, Pod][] {
  return [...byOrdinal].sort(([a], [b]) => b - a);
}

/** True when the pod of this ordinal is there and ready. */
async function settle(scene: Scene, ordinal: number, pod: Pod | undefined): Promise<boolean> {
  const { view, set, events, revision } = scene;
  if (pod === undefined) {
    await ensureClaims(scene, ordinal);
    const created = await view.create(Pod, statefulPod(set, { ordinal, revision }));
    if (created !== undefined)
      events.normal(
        set,
        "SuccessfulCreate",
        `create Pod ${nameOf(created)} in StatefulSet ${nameOf(set)} successful`,
      );
    return false;
  }
  if (isFinished(pod)) await removePod(scene, pod);
  return isActive(pod) && isReady(pod);
}

async function removePod({ view, set, events }: Scene, pod: Pod): Promise<void> {
  if (isDeleting(pod)) return;
  await view.remove(Pod, pod);
  events.normal(
    set,
    "SuccessfulDelete",
    `delete Pod ${nameOf(pod)} in StatefulSet ${nameOf(set)} successful`,
  );
}

/** Replaces the last pod that is not of the present template, down to the partition. */
async function updateOne(scene: Scene, byOrdinal: ReadonlyMap<number, Pod>): Promise<void> {
  const { set, revision } = scene;
  const { type = "RollingUpdate", rollingUpdate } = set.spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") return;
  const partition = rollingUpdate?.partition ?? 0;
  const isDone = (pod: Pod): boolean =>
    pod.metadata.labels?.[revisionLabel] === revision && isReady(pod);
  const [, next] =
    lastFirst(byOrdinal).find(([ordinal, pod]) => ordinal >= partition && !isDone(pod)) ?? [];
  if (next === undefined || next.metadata.labels?.[revisionLabel] === revision) return;
  await removePod(scene, next);
}

async function ensureClaims({ view, set }: Scene, ordinal: number): Promise<void> {
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(set, template.metadata?.name ?? "", ordinal);
    if (view.watch(PersistentVolumeClaim).find(`${namespaceOf(set)}/${name}`) !== undefined)
      continue;
    await view.create(PersistentVolumeClaim, {
      ...typeOf(PersistentVolumeClaim),
      metadata: {
        name,
        namespace: namespaceOf(set),
        labels: { ...set.spec.selector.matchLabels, ...template.metadata?.labels },
        annotations: { ...template.metadata?.annotations },
      },
      spec: { ...template.spec },
    });
  }
}

function revisionOf(set: StatefulSet): string {
  return `${nameOf(set)}-${templateHash(set.spec.template)}`;
}

function statusOf(set: StatefulSet, pods: readonly Pod[]): Record<string, unknown> {
  const active = pods.filter((pod) => !isFinished(pod));
  const ready = active.filter((pod) => isReady(pod) && !isDeleting(pod));
  const revision = revisionOf(set);
  const updated = active.filter((pod) => pod.metadata.labels?.[revisionLabel] === revision);
  const isRolledOut = updated.length === active.length;
  const current = isRolledOut ? revision : (set.status?.currentRevision ?? revision);
  const ofCurrent = active.filter((pod) => pod.metadata.labels?.[revisionLabel] === current);
  return {
    observedGeneration: set.metadata.generation ?? 0,
    replicas: active.length,
    readyReplicas: ready.length,
    availableReplicas: ready.length,
    currentReplicas: ofCurrent.length,
    updatedReplicas: updated.length,
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
  };
}
