import { nameOf } from "../kinds/lab-kind.ts";
import type { Condition, Deployment, ReplicaSet } from "../kinds/workload.ts";
import type { Rollout } from "./deployment.ts";
import { rolloutBounds, sum } from "./rollout.ts";
import { withCondition } from "./status-change.ts";

const defaultDeadlineSeconds = 600;

/** The status of a deployment, and when its progress deadline has to be looked at. */
export function deploymentStatus(
  deployment: Deployment,
  { current, old }: Rollout,
): { status: Record<string, unknown>; nextMs: number | undefined } {
  const sets = current === undefined ? old : [...old, current];
  const count = (field: "replicas" | "readyReplicas" | "availableReplicas"): number =>
    sum(sets, (set: ReplicaSet) => set.status?.[field] ?? 0);
  const wanted = deployment.spec.replicas ?? 1;
  const figures = {
    replicas: count("replicas"),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: count("readyReplicas"),
    availableReplicas: count("availableReplicas"),
  };
  const unavailable = Math.max(0, wanted - figures.availableReplicas);
  const isEnough = figures.availableReplicas >= wanted - rolloutBounds(deployment).unavailable;
  const available = withCondition(
    deployment.status?.conditions,
    isEnough
      ? {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
        }
      : {
          type: "Available",
          status: "False",
          reason: "MinimumReplicasUnavailable",
          message: "Deployment does not have minimum availability.",
        },
  );
  const isComplete =
    current !== undefined &&
    figures.updatedReplicas === wanted &&
    figures.replicas === wanted &&
    figures.availableReplicas === wanted;
  const { condition, nextMs } = progressing(deployment, current, isComplete);
  return {
    status: {
      observedGeneration: deployment.metadata.generation ?? 0,
      ...figures,
      unavailableReplicas: unavailable === 0 ? null : unavailable,
      conditions: withCondition(available, condition),
    },
    nextMs,
  };
}

function progressing(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  isComplete: boolean,
): { condition: Condition; nextMs: number | undefined } {
  const type = "Progressing";
  if (deployment.spec.paused === true) {
    const message = "Deployment is paused";
    return {
      condition: { type, status: "Unknown", reason: "DeploymentPaused", message },
      nextMs: undefined,
    };
  }
  const name = current === undefined ? "" : nameOf(current);
  if (isComplete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return {
      condition: { type, status: "True", reason: "NewReplicaSetAvailable", message },
      nextMs: undefined,
    };
  }
  const deadlineMs = (deployment.spec.progressDeadlineSeconds ?? defaultDeadlineSeconds) * 1000;
  const startedAt = Date.parse(current?.metadata.creationTimestamp ?? new Date().toISOString());
  const leftMs = startedAt + deadlineMs - Date.now();
  const isFirst =
    deployment.status?.conditions?.some((one) => one.reason === "NewReplicaSetAvailable") !== true;
  if (leftMs <= 0 && isFirst) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return {
      condition: { type, status: "False", reason: "ProgressDeadlineExceeded", message },
      nextMs: undefined,
    };
  }
  const message = `ReplicaSet "${name}" is progressing.`;
  return {
    condition: { type, status: "True", reason: "ReplicaSetUpdated", message },
    nextMs: leftMs > 0 ? leftMs : undefined,
  };
}
