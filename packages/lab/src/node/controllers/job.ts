import type { KubeObject } from "@drover/crds";
import { isDeleting, keyOf, nameOf, uidOf } from "../kinds/lab-kind.ts";
import { Pod } from "../kinds/pod.ts";
import { Job } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import type { EventRecorder } from "../runtime/event-recorder.ts";
import { jobCensus, jobVerdict, missingPods } from "./job-progress.ts";
import type { JobCensus, JobVerdict } from "./job-progress.ts";
import { claim, isActive, ownerKeys, podOf } from "./owned-pods.ts";
import { withCondition, writeStatus } from "./status-change.ts";

/** Runs a Job's pods until enough of them succeeded or too many failed. */
export function jobController(view: ClusterView): Controller {
  const events = eventRecorder(view, "job-controller");
  const mightOwn = (job: Job, object: KubeObject): boolean =>
    object.metadata.labels?.["controller-uid"] === uidOf(job);
  return {
    name: "job-controller",
    triggers: [onChangeOf(Job, (job) => [keyOf(job)]), onChangeOf(Pod, ownerKeys(Job, mightOwn))],
    async reconcile(key) {
      const job = view.watch(Job).find(key);
      if (job === undefined || isDeleting(job)) return undefined;
      if (isJobFinished(job)) return expire(view, job);
      const pods = await claim(
        view,
        { kind: Job, object: job },
        { kind: Pod, fits: (pod) => mightOwn(job, pod) },
      );
      const census = jobCensus(job, pods);
      const verdict = jobVerdict(job, census);
      if (verdict !== undefined) return finish(view, job, { pods, census, verdict, events });
      if (job.spec.suspend === true) return suspend(view, job, { pods, census });
      return goOn(view, job, { pods, census, events });
    },
  };
}

export function isJobFinished(job: Job): boolean {
  const ends = ["Complete", "Failed"];
  return (
    job.status?.conditions?.some(({ type, status }) => ends.includes(type) && status === "True") ===
    true
  );
}

type Scene = { readonly pods: readonly Pod[]; readonly census: JobCensus };

async function goOn(
  view: ClusterView,
  job: Job,
  { census, events }: Scene & { readonly events: EventRecorder },
): Promise<number | undefined> {
  const { count, waitMs } = missingPods(job, census);
  const created = await Promise.all(
    Array.from({ length: Math.max(0, count) }, () =>
      view.create(
        Pod,
        podOf({ kind: Job, object: job }, { template: job.spec.template, labels: jobLabels(job) }),
      ),
    ),
  );
  for (const pod of created) {
    if (pod !== undefined) events.normal(job, "SuccessfulCreate", `Created pod: ${nameOf(pod)}`);
  }
  const surplus = census.active.slice(0, Math.max(0, -count));
  await Promise.all(surplus.map((pod) => view.remove(Pod, pod)));
  const startTime = job.status?.startTime ?? now();
  await writeStatus(view, Job, {
    object: job,
    status: {
      ...countsOf(census, census.active.length + created.length - surplus.length),
      startTime,
      ...resumed(job),
    },
  });
  const { activeDeadlineSeconds } = job.spec;
  const deadlineMs =
    activeDeadlineSeconds === undefined
      ? Infinity
      : Date.parse(startTime) + activeDeadlineSeconds * 1000 - Date.now();
  const againMs = Math.min(deadlineMs, waitMs ?? Infinity);
  return Number.isFinite(againMs) ? Math.max(1, againMs) : undefined;
}

async function suspend(view: ClusterView, job: Job, { census }: Scene): Promise<undefined> {
  await Promise.all(census.active.map((pod) => view.remove(Pod, pod)));
  const condition = {
    type: "Suspended",
    status: "True",
    reason: "JobSuspended",
    message: "Job suspended",
  } as const;
  const conditions = withCondition(job.status?.conditions, condition);
  await writeStatus(view, Job, {
    object: job,
    status: { ...countsOf(census, 0), startTime: null, conditions },
  });
  return undefined;
}

function resumed(job: Job): { conditions?: unknown } {
  if (job.status?.conditions?.some(({ type }) => type === "Suspended") !== true) return {};
  const condition = {
    type: "Suspended",
    status: "False",
    reason: "JobResumed",
    message: "Job resumed",
  } as const;
  return { conditions: withCondition(job.status.conditions, condition) };
}

type Ending = Scene & { readonly verdict: JobVerdict; readonly events: EventRecorder };

async function finish(view: ClusterView, job: Job, ending: Ending): Promise<number | undefined> {
  const { pods, census, verdict, events } = ending;
  await Promise.all(pods.filter(isActive).map((pod) => view.remove(Pod, pod)));
  const { type, reason, message } = verdict;
  if (type === "Complete") events.normal(job, "Completed", "Job completed");
  else events.warning(job, reason ?? "Failed", message ?? "Job failed");
  const conditions = withCondition(job.status?.conditions, { status: "True", ...verdict });
  const completion = type === "Complete" ? { completionTime: now() } : {};
  const status = {
    ...countsOf(census, 0),
    startTime: job.status?.startTime ?? now(),
    ...completion,
    conditions,
  };
  await writeStatus(view, Job, { object: job, status });
  return job.spec.ttlSecondsAfterFinished === undefined
    ? undefined
    : job.spec.ttlSecondsAfterFinished * 1000;
}

/** Deletes a finished job once its time to live is over. */
async function expire(view: ClusterView, job: Job): Promise<number | undefined> {
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined) return undefined;
  const ended = job.status?.conditions?.find(({ status }) => status === "True")?.lastTransitionTime;
  const leftMs = Date.parse(ended ?? now()) + ttl * 1000 - Date.now();
  if (leftMs > 0) return leftMs;
  await view.remove(Job, job);
  return undefined;
}

function countsOf(
  { succeeded, failed, ready }: JobCensus,
  active: number,
): Record<string, unknown> {
  return {
    active: active === 0 ? null : active,
    ready: active === 0 ? 0 : ready,
    succeeded: succeeded === 0 ? null : succeeded,
    failed: failed === 0 ? null : failed,
  };
}

function jobLabels(job: Job): Record<string, string> {
  return {
    "controller-uid": uidOf(job),
    "batch.kubernetes.io/controller-uid": uidOf(job),
    "job-name": nameOf(job),
    "batch.kubernetes.io/job-name": nameOf(job),
  };
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}
