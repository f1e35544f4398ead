import type { ResourceKind } from "@drover/crds";
import {
  controllerReference,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  typeOf,
  uidOf,
} from "../kinds/lab-kind.ts";
import { Job } from "../kinds/workload.ts";
import type { CronJob } from "../kinds/workload.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { reasonOf } from "../runtime/cluster-view.ts";
import { onChangeOf } from "../runtime/controller.ts";
import type { Controller } from "../runtime/controller.ts";
import { eventRecorder } from "../runtime/event-recorder.ts";
import { parseCronSchedule } from "./cron-schedule.ts";
import type { CronSchedule } from "./cron-schedule.ts";
import { isJobFinished } from "./job.ts";
import { claim, ownerKeys } from "./owned-pods.ts";
import { writeStatus } from "./status-change.ts";

const minuteMs = 60_000;

/** Makes a Job each time a CronJob is due. The kind is CronJob at the version that the server serves. */
export function cronJobController(view: ClusterView, kind: ResourceKind<CronJob>): Controller {
  const events = eventRecorder(view, "cronjob-controller");
  const readSchedule = (cron: CronJob): CronSchedule | undefined => {
    try {
      return parseCronSchedule(cron.spec.schedule);
    } catch (error) {
      events.warning(cron, "UnparseableSchedule", `${reasonOf(error)} Correct spec.schedule.`);
      return undefined;
    }
  };
  return {
    name: "cronjob-controller",
    triggers: [onChangeOf(kind, (cron) => [keyOf(cron)]), onChangeOf(Job, ownerKeys(kind))],
    async reconcile(key) {
      const cron = view.watch(kind).find(key);
      if (cron === undefined || isDeleting(cron)) return undefined;
      const jobs = await claim(view, { kind, object: cron }, { kind: Job, fits: () => false });
      await forgetOldJobs(view, cron, jobs);
      const running = jobs.filter((job) => !isJobFinished(job) && !isDeleting(job));
      await writeStatus(view, kind, { object: cron, status: statusOf(jobs, running) });
      const schedule = cron.spec.suspend === true ? undefined : readSchedule(cron);
      return schedule === undefined ? undefined : runDue(view, cron, { kind, schedule, running });
    },
  };
}

type Due = {
  readonly kind: ResourceKind<CronJob>;
  readonly schedule: CronSchedule;
  readonly running: readonly Job[];
};

async function runDue(
  view: ClusterView,
  cron: CronJob,
  { kind, schedule, running }: Due,
): Promise<number | undefined> {
  const due = lastDue(cron, schedule);
  const { concurrencyPolicy = "Allow" } = cron.spec;
  if (due !== undefined && (concurrencyPolicy !== "Forbid" || running.length === 0)) {
    if (concurrencyPolicy === "Replace")
      await Promise.all(running.map((job) => view.remove(Job, job)));
    await view.create(Job, jobOf(kind, cron, due));
    const lastScheduleTime = new Date(due).toISOString().replace(".000Z", "Z");
    await writeStatus(view, kind, { object: cron, status: { lastScheduleTime } });
  }
  const next = schedule.next(Date.now());
  return next === undefined ? undefined : Math.max(1, next - Date.now());
}

/** The latest time that is due and was not served yet; what was missed before it is not made up for. */
function lastDue(cron: CronJob, schedule: CronSchedule): number | undefined {
  const now = Date.now();
  const { startingDeadlineSeconds } = cron.spec;
  const served = Date.parse(cron.status?.lastScheduleTime ?? cron.metadata.creationTimestamp ?? "");
  const earliest =
    startingDeadlineSeconds === undefined
      ? served
      : Math.max(served, now - startingDeadlineSeconds * 1000);
  // A lab that was off for months must not count its way through every minute of them.
  for (const windowMs of [2 * minuteMs, 24 * 60 * minuteMs, 400 * 24 * 60 * minuteMs]) {
    const due = lastBetween(schedule, Math.max(earliest, now - windowMs), now);
    if (due !== undefined) return due;
  }
  return undefined;
}

function lastBetween(schedule: CronSchedule, after: number, until: number): number | undefined {
  let last: number | undefined;
  for (
    let next = schedule.next(after);
    next !== undefined && next <= until;
    next = schedule.next(next)
  )
    last = next;
  return last;
}

function jobOf(kind: ResourceKind<CronJob>, cron: CronJob, due: number): Job {
  const { metadata = {}, spec } = cron.spec.jobTemplate;
  return {
    ...typeOf(Job),
    metadata: {
      name: `${nameOf(cron)}-${Math.floor(due / minuteMs)}`,
      namespace: namespaceOf(cron),
      labels: { ...metadata.labels },
      annotations: {
        ...metadata.annotations,
        "batch.kubernetes.io/cronjob-scheduled-timestamp": new Date(due)
          .toISOString()
          .replace(".000Z", "Z"),
      },
      ownerReferences: [controllerReference(kind, cron)],
    },
    spec: structuredClone(spec),
  };
}

async function forgetOldJobs(
  view: ClusterView,
  cron: CronJob,
  jobs: readonly Job[],
): Promise<void> {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
  const hasFailed = (job: Job): boolean =>
    job.status?.conditions?.some(({ type, status }) => type === "Failed" && status === "True") ===
    true;
  const finished = jobs
    .filter((job) => isJobFinished(job) && !isDeleting(job))
    .sort((a, b) =>
      (a.metadata.creationTimestamp ?? "") < (b.metadata.creationTimestamp ?? "") ? 1 : -1,
    );
  const surplus = [
    ...finished.filter((job) => !hasFailed(job)).slice(successfulJobsHistoryLimit),
    ...finished.filter(hasFailed).slice(failedJobsHistoryLimit),
  ];
  await Promise.all(surplus.map((job) => view.remove(Job, job)));
}

function statusOf(jobs: readonly Job[], running: readonly Job[]): Record<string, unknown> {
  const ends = jobs.flatMap((job) => job.status?.completionTime ?? []).sort();
  const active = running.map((job) => ({
    ...typeOf(Job),
    name: nameOf(job),
    namespace: namespaceOf(job),
    uid: uidOf(job),
  }));
  const last = ends.at(-1);
  return {
    active: active.length === 0 ? null : active,
    ...(last === undefined ? {} : { lastSuccessfulTime: last }),
  };
}
