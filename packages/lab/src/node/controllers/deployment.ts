import type { KubeObject } from "@drover/crds";
import {
  controllerReference,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  typeOf,
} from "../kinds/lab-kind.ts";
import { Deployment, ReplicaSet } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";
import { matchesSelector } from "../runtime/label-match.ts";
import { deploymentStatus } from "./deployment-status.ts";
import { claim, ownerKeys } from "./owned-pods.ts";
import { replicasOf, rolloutBounds, rolloutStep } from "./rollout.ts";
import type { Rollout } from "./rollout.ts";
import { writeStatus } from "./status-change.ts";
import { hashLabel, templateHash } from "./template-hash.ts";

const revisionAnnotation = "deployment.kubernetes.io/revision";
const defaultHistory = 10;

/** Rolls a Deployment out through its ReplicaSets. */
export function deploymentController(view: ClusterView): Controller {
  const events = eventRecorder(view, "deployment-controller");
  const mightOwn = (deployment: Deployment, object: KubeObject): boolean =>
    matchesSelector(deployment.spec.selector, object.metadata.labels);
  return {
    name: "deployment-controller",
    triggers: [
      onChangeOf(Deployment, (deployment) => [keyOf(deployment)]),
      onChangeOf(ReplicaSet, ownerKeys(Deployment, mightOwn)),
    ],
    async reconcile(key) {
      const deployment = view.watch(Deployment).find(key);
      if (deployment === undefined || isDeleting(deployment)) return undefined;
      const owner = { kind: Deployment, object: deployment };
      const sets = (
        await claim(view, owner, { kind: ReplicaSet, fits: (set) => mightOwn(deployment, set) })
      ).filter((set) => !isDeleting(set));
      const rollout = await currentSets(view, deployment, sets);
      const scaled = await scaleSets(view, { deployment, ...rollout, events });
      if (deployment.spec.paused !== true) await forgetOldSets(view, deployment, scaled.old);
      const { status, nextMs } = deploymentStatus(deployment, scaled);
      await writeStatus(view, Deployment, { object: deployment, status });
      return nextMs;
    },
  };
}

async function currentSets(
  view: ClusterView,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): Promise<Rollout> {
  const hash = templateHash(deployment.spec.template);
  const found = sets
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
    .find((set) => templateHash(set.spec.template) === hash);
  const old = sets.filter((set) => set !== found);
  if (deployment.spec.paused === true && found === undefined) return { current: undefined, old };
  const newest = Math.max(0, ...old.map(revisionOf));
  const current =
    found === undefined
      ? await view.create(ReplicaSet, replicaSetOf(deployment, { hash, revision: newest + 1, old }))
      : await withRevision(
          view,
          found,
          Math.max(revisionOf(found), newest + (old.length > 0 ? 1 : 0)),
        );
  if (
    current !== undefined &&
    deployment.metadata.annotations?.[revisionAnnotation] !== String(revisionOf(current))
  ) {
    const annotations = { [revisionAnnotation]: String(revisionOf(current)) };
    await view.change(Deployment, deployment, { metadata: { annotations } });
  }
  return { current, old };
}

async function withRevision(
  view: ClusterView,
  set: ReplicaSet,
  revision: number,
): Promise<ReplicaSet | undefined> {
  if (revisionOf(set) === revision) return set;
  const annotations = { [revisionAnnotation]: String(revision) };
  return view.change(ReplicaSet, set, { metadata: { annotations } });
}

type NewSet = {
  readonly hash: string;
  readonly revision: number;
  readonly old: readonly ReplicaSet[];
};

function replicaSetOf(deployment: Deployment, { hash, revision, old }: NewSet): ReplicaSet {
  const { template, selector, minReadySeconds, replicas = 1, strategy } = deployment.spec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const { surge } = rolloutBounds(deployment);
  const existing = old.reduce((total, set) => total + replicasOf(set), 0);
  const room = strategy?.type === "Recreate" && existing > 0 ? 0 : replicas + surge - existing;
  return {
    ...typeOf(ReplicaSet),
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      namespace: namespaceOf(deployment),
      labels,
      annotations: {
        [revisionAnnotation]: String(revision),
        "deployment.kubernetes.io/desired-replicas": String(replicas),
        "deployment.kubernetes.io/max-replicas": String(replicas + surge),
      },
      ownerReferences: [controllerReference(Deployment, deployment)],
    },
    spec: {
      replicas: Math.max(0, Math.min(replicas, room)),
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

type Scaling = Rollout & { readonly deployment: Deployment; readonly events: EventRecorder };

async function scaleSets(
  view: ClusterView,
  { deployment, current, old, events }: Scaling,
): Promise<Rollout> {
  const scaleTo = async (set: ReplicaSet, replicas: number): Promise<ReplicaSet> => {
    if (replicasOf(set) === replicas) return set;
    const verb = replicas > replicasOf(set) ? "up" : "down";
    const message = `Scaled ${verb} replica set ${nameOf(set)} from ${replicasOf(set)} to ${replicas}`;
    events.normal(deployment, "ScalingReplicaSet", message);
    return (await view.change(ReplicaSet, set, { spec: { replicas } })) ?? set;
  };
  if (deployment.spec.paused === true || current === undefined) {
    const active =
      current ??
      old.toSorted((a, b) => revisionOf(b) - revisionOf(a)).find((set) => replicasOf(set) > 0);
    if (active === undefined) return { current, old };
    const scaled = await scaleTo(active, deployment.spec.replicas ?? 1);
    return active === current
      ? { current: scaled, old }
      : { current, old: old.map((set) => (set === active ? scaled : set)) };
  }
  const step = rolloutStep(deployment, current, old);
  return {
    current: await scaleTo(current, step.get(current) ?? replicasOf(current)),
    old: await Promise.all(old.map((set) => scaleTo(set, step.get(set) ?? replicasOf(set)))),
  };
}

async function forgetOldSets(
  view: ClusterView,
  deployment: Deployment,
  old: readonly ReplicaSet[],
): Promise<void> {
  const keep = deployment.spec.revisionHistoryLimit ?? defaultHistory;
  const empty = old.filter((set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0);
  const surplus = empty
    .toSorted((a, b) => revisionOf(a) - revisionOf(b))
    .slice(0, Math.max(0, empty.length - keep));
  await Promise.all(surplus.map((set) => view.remove(ReplicaSet, set)));
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
}
