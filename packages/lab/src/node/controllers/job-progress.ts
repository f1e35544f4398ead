import { containerStatusesOf, isReady } from "../kinds/pod.ts";
import type { Pod } from "../kinds/pod.ts";
import type { Job } from "../kinds/workload.ts";
import { isActive } from "./owned-pods.ts";

/** How a job's pods are doing. Counts never fall when pods are deleted: what was counted stays in the status. */
export type JobCensus = {
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Restarts of containers inside pods that may be restarted. */
  readonly restarts: number;
  readonly lastFailureMs: number | undefined;
};

export type JobVerdict = {
  readonly type: "Complete" | "Failed";
  readonly reason?: string;
  readonly message?: string;
};

const defaultBackoffLimit = 6;
const firstBackoffMs = 1_000;
const lastBackoffMs = 60_000;

export function jobCensus(job: Job, pods: readonly Pod[]): JobCensus {
  const active = pods.filter(isActive);
  const count = (phase: string): number => pods.filter((pod) => pod.status?.phase === phase).length;
  const restarts = active
    .filter((pod) => pod.spec.restartPolicy === "OnFailure")
    .flatMap(containerStatusesOf)
    .reduce((total, { restartCount }) => total + restartCount, 0);
  const failures = pods.filter((pod) => pod.status?.phase === "Failed").map(endOf);
  return {
    active,
    ready: active.filter(isReady).length,
    succeeded: Math.max(count("Succeeded"), job.status?.succeeded ?? 0),
    failed: Math.max(count("Failed"), job.status?.failed ?? 0),
    restarts,
    lastFailureMs: failures.length === 0 ? undefined : Math.max(...failures),
  };
}

/** Whether the job is over, and how; undefined while it goes on. */
export function jobVerdict(job: Job, census: JobCensus): JobVerdict | undefined {
  if (hasSucceededEnough(job, census)) return { type: "Complete" };
  if (hasFailedTooOften(job, census)) {
    const message = "Job has reached the specified backoff limit";
    return { type: "Failed", reason: "BackoffLimitExceeded", message };
  }
  if (!isOverdue(job)) return undefined;
  const message = "Job was active longer than specified deadline";
  return { type: "Failed", reason: "DeadlineExceeded", message };
}

function hasSucceededEnough({ spec }: Job, { succeeded, active }: JobCensus): boolean {
  if (spec.completions !== undefined) return succeeded >= spec.completions;
  return succeeded > 0 && active.length === 0;
}

function hasFailedTooOften({ spec }: Job, { failed, restarts }: JobCensus): boolean {
  const { backoffLimit = defaultBackoffLimit } = spec;
  return failed > backoffLimit || (restarts > 0 && restarts >= backoffLimit);
}

function isOverdue({ spec, status }: Job): boolean {
  const { suspend, activeDeadlineSeconds } = spec;
  const startedAt = status?.startTime;
  if (suspend === true || startedAt === undefined || activeDeadlineSeconds === undefined)
    return false;
  return Date.parse(startedAt) + activeDeadlineSeconds * 1000 <= Date.now();
}

/** How many pods to add (less than 0: to remove), and when to look again if failures ask for patience first. */
export function missingPods(job: Job, census: JobCensus): { count: number; waitMs?: number } {
  const { completions, parallelism = 1 } = job.spec;
  const active = census.active.length;
  const wanted =
    completions === undefined
      ? census.succeeded > 0
        ? active
        : parallelism
      : Math.min(parallelism, completions - census.succeeded);
  const count = wanted - active;
  if (count <= 0 || census.lastFailureMs === undefined) return { count };
  const backoffMs = Math.min(
    lastBackoffMs,
    firstBackoffMs * 2 ** Math.min(16, Math.max(0, census.failed - 1)),
  );
  const waitMs = census.lastFailureMs + backoffMs - Date.now();
  return waitMs > 0 ? { count: 0, waitMs } : { count };
}

function endOf(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(
    ({ state }) => state.terminated?.finishedAt,
  );
  const times = ends.flatMap((end) => (end === undefined ? [] : [Date.parse(end)]));
  return Math.max(0, ...times);
}
