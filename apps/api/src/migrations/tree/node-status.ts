import type { NodeStatus } from "@drover/contract";
import { planStatus, resourceStatus, runStatus } from "@drover/crds";
import type {
  KubeObject,
  MigMigration,
  MigPlan,
  PlanStatus,
  ResourceState,
  RunState,
} from "@drover/crds";

const stateOfResource: Record<ResourceState, NodeStatus["state"]> = {
  Terminating: "running",
  Running: "running",
  Failed: "failed",
  Warning: "warning",
  Pending: "pending",
  Bound: "succeeded",
  Admitted: "succeeded",
  Ready: "succeeded",
  Completed: "succeeded",
  Unknown: "unknown",
};

const stateOfRun: Record<RunState, NodeStatus["state"]> = {
  waiting: "pending",
  postponed: "pending",
  blocked: "failed",
  running: "running",
  paused: "warning",
  canceling: "running",
  canceled: "warning",
  failed: "failed",
  succeeded: "succeeded",
  "succeeded-with-warnings": "warning",
};

const stateOfPlan: Record<PlanStatus["severity"], NodeStatus["state"]> = {
  danger: "failed",
  warning: "warning",
  progress: "running",
  success: "succeeded",
  info: "pending",
};

export function planNodeStatus(plan: MigPlan, runs: readonly MigMigration[]): NodeStatus {
  const { severity, text } = planStatus(plan, runs);
  return { state: stateOfPlan[severity], text };
}

export function runNodeStatus(migration: MigMigration): NodeStatus {
  const { state, text, errors } = runStatus(migration);
  return { state: stateOfRun[state], text: [text, ...errors.slice(0, 1)].join(": ") };
}

type Progress = { readonly totalBytes?: unknown; readonly bytesDone?: unknown };

/** What the object itself says of how far it came. */
function percentOf(status: Readonly<Record<string, unknown>>): number | undefined {
  const text = status["totalProgressPercentage"];
  const parsed = typeof text === "string" ? Number.parseFloat(text) : Number.NaN;
  if (Number.isFinite(parsed)) return Math.min(100, Math.max(0, parsed));
  const { totalBytes, bytesDone } = (status["progress"] ?? {}) as Progress;
  if (typeof totalBytes !== "number" || typeof bytesDone !== "number" || totalBytes <= 0)
    return undefined;
  return Math.min(100, (100 * bytesDone) / totalBytes);
}

type Observed = KubeObject & { readonly status?: object | undefined };

export function objectNodeStatus(object: Observed): NodeStatus {
  const { kind, metadata } = object;
  const status: Readonly<Record<string, unknown>> = { ...object.status };
  const { state, text, messages } = resourceStatus({
    kind,
    metadata: { deletionTimestamp: metadata.deletionTimestamp },
    status,
  });
  const percent = percentOf(status);
  return {
    state: stateOfResource[state],
    text: [text, ...messages.slice(0, 1)].join(": "),
    ...(percent === undefined ? {} : { percent }),
  };
}
