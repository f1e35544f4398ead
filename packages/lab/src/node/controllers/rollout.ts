import type { Deployment, ReplicaSet } from "../kinds/workload.ts";

/** The replica set of the present template, if there is one, and all others. */
export type Rollout = {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
};

/** How many replicas a rollout may add or miss at once, as numbers. */
export type RolloutBounds = { readonly surge: number; readonly unavailable: number };

/** What each replica set of a deployment should be scaled to now. */
export type RolloutStep = ReadonlyMap<ReplicaSet, number>;

export function rolloutBounds(deployment: Deployment): RolloutBounds {
  const { replicas = 1, strategy } = deployment.spec;
  if (strategy?.type === "Recreate") return { surge: 0, unavailable: replicas };
  const { maxSurge = "25%", maxUnavailable = "25%" } = strategy?.rollingUpdate ?? {};
  const surge = amount(maxSurge, replicas, Math.ceil);
  const unavailable = amount(maxUnavailable, replicas, Math.floor);
  // Both zero would never move.
  return surge === 0 && unavailable === 0 ? { surge: 0, unavailable: 1 } : { surge, unavailable };
}

/** The next step from the old replica sets to the new one that keeps within the bounds. */
export function rolloutStep(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): RolloutStep {
  const { replicas = 1 } = deployment.spec;
  const isRecreate = deployment.spec.strategy?.type === "Recreate";
  const oldTotal = sum(old, replicasOf);
  if (isRecreate && oldTotal > 0) return new Map(old.map((set) => [set, 0]));
  // With Recreate the old pods must be gone, not only wanted away.
  if (isRecreate && sum(old, (set) => set.status?.replicas ?? 0) > 0) return new Map();
  const { surge, unavailable } = rolloutBounds(deployment);
  const wanted = replicasOf(current);
  const room = Math.max(0, replicas + surge - oldTotal - wanted);
  const next = wanted > replicas ? replicas : Math.min(replicas, wanted + room);
  const step = new Map([[current, next]]);
  const least = replicas - unavailable;
  const newUnavailable = Math.max(0, wanted - availableOf(current));
  let removable = Math.max(0, oldTotal + wanted - least - newUnavailable);
  let spare = Math.max(0, sum([current, ...old], availableOf) - least);
  for (const set of [...old].sort((a, b) => availableOf(a) - availableOf(b))) {
    const unhealthy = Math.max(0, replicasOf(set) - availableOf(set));
    const sick = Math.min(unhealthy, removable);
    const well = Math.min(replicasOf(set) - unhealthy, removable - sick, spare);
    step.set(set, replicasOf(set) - sick - well);
    removable -= sick + well;
    spare -= well;
  }
  return step;
}

export function replicasOf(set: ReplicaSet): number {
  return set.spec.replicas ?? 1;
}

function availableOf(set: ReplicaSet): number {
  return set.status?.availableReplicas ?? 0;
}

function amount(value: number | string, of: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? round((Number(value.slice(0, -1)) * of) / 100) : Number(value);
}

export function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
