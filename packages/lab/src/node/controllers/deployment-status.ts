import { nameOf } from "../kinds/lab-kind.ts";
import type { Condition } from "../kinds/condition.ts";
import type { Deployment, ReplicaSet } from "../kinds/workload.ts";
import { rolloutBounds, sum } from "./rollout.ts";
import type { Rollout } from "./rollout.ts";
import { withCondition } from "./status-change.ts";

const defaultDeadlineSeconds = 600;

type Figures = Record<
  "replicas" | "updatedReplicas" | "readyReplicas" | "availableReplicas",
  number
>;

/** The status of a deployment, and when its progress deadline has to be looked at. */
export function deploymentStatus(
  deployment: Deployment,
  rollout: Rollout,
): { status: Record<string, unknown>; nextMs: number | undefined } {
  const { current } = rollout;
  const wanted = deployment.spec.replicas ?? 1;
  const figures = figuresOf(rollout);
  const unavailable = Math.max(0, wanted - figures.availableReplicas);
  const isEnough = figures.availableReplicas >= wanted - rolloutBounds(deployment).unavailable;
  const known = withCondition(deployment.status?.conditions, availability(isEnough));
  const { updatedReplicas, replicas, availableReplicas } = figures;
  const isFull = [updatedReplicas, replicas, availableReplicas].every((count) => count === wanted);
  const { condition, nextMs } = progressing(deployment, current, isFull);
  return {
    status: {
      observedGeneration: deployment.metadata.generation ?? 0,
      ...figures,
      unavailableReplicas: unavailable === 0 ? null : unavailable,
      conditions: withCondition(known, condition),
    },
    nextMs,
  };
}

function figuresOf({ current, old }: Rollout): Figures {
  const sets = current === undefined ? old : [...old, current];
  const count = (field: "replicas" | "readyReplicas" | "availableReplicas"): number =>
    sum(sets, (set: ReplicaSet) => set.status?.[field] ?? 0);
  return {
    replicas: count("replicas"),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: count("readyReplicas"),
    availableReplicas: count("availableReplicas"),
  };
}

function availability(isEnough: boolean): Condition {
  const type = "Available";
  if (isEnough) {
    const message = "Deployment has minimum availability.";
    return { type, status: "True", reason: "MinimumReplicasAvailable", message };
  }
  const message = "Deployment does not have minimum availability.";
  return { type, status: "False", reason: "MinimumReplicasUnavailable", message };
}

type Progress = { readonly condition: Condition; readonly nextMs: number | undefined };

function progressing(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  isFull: boolean,
): Progress {
  if (deployment.spec.paused === true) {
    return progress("Unknown", "DeploymentPaused", "Deployment is paused");
  }
  const what = `ReplicaSet "${current === undefined ? "" : nameOf(current)}"`;
  if (isFull && current !== undefined) {
    return progress("True", "NewReplicaSetAvailable", `${what} has successfully progressed.`);
  }
  const leftMs = progressTimeLeft(deployment, current);
  if (leftMs <= 0 && !hasBeenComplete(deployment)) {
    return progress("False", "ProgressDeadlineExceeded", `${what} has timed out progressing.`);
  }
  const { condition } = progress("True", "ReplicaSetUpdated", `${what} is progressing.`);
  return { condition, nextMs: leftMs > 0 ? leftMs : undefined };
}

function progress(status: Condition["status"], reason: string, message: string): Progress {
  return { condition: { type: "Progressing", status, reason, message }, nextMs: undefined };
}

function progressTimeLeft({ spec }: Deployment, current: ReplicaSet | undefined): number {
  const deadlineMs = (spec.progressDeadlineSeconds ?? defaultDeadlineSeconds) * 1000;
  const startedAt = Date.parse(current?.metadata.creationTimestamp ?? new Date().toISOString());
  return startedAt + deadlineMs - Date.now();
}

function hasBeenComplete({ status }: Deployment): boolean {
  return status?.conditions?.some(({ reason }) => reason === "NewReplicaSetAvailable") === true;
}
