import type { Pod, RsyncPodStatus } from "@drover/crds";
import { Label } from "@drover/crds";
import type { TransferReport } from "./transfer-log.ts";

type ContainerState = NonNullable<
  NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number]["state"]
>;

export function attemptOf(pod: Pod): number {
  return Number(pod.metadata.labels?.[Label.rsyncAttempt] ?? "0");
}

export function rsyncState(pod: Pod): ContainerState | undefined {
  return pod.status?.containerStatuses?.find(({ name }) => name === "rsync")?.state;
}

/** When the transfer ended; undefined while it has not. */
export function endedAt(pod: Pod): number | undefined {
  const finished = rsyncState(pod)?.terminated?.finishedAt;
  return finished === undefined ? undefined : Date.parse(finished);
}

/** What is kept of an attempt that is over, once its pod and log are gone. */
export function finishedAttempt(pod: Pod, report: TransferReport): RsyncPodStatus {
  const exitCode = rsyncState(pod)?.terminated?.exitCode;
  const hasSucceeded = exitCode === 0 && hasResult(pod, report) && report.failure === undefined;
  return {
    ...runningAttempt(pod, new Date()),
    phase: hasSucceeded ? "Succeeded" : "Failed",
    ...(exitCode === undefined ? {} : { exitCode }),
    logMessage: lastWords(pod, report),
    ...(report.lastObservation === undefined
      ? {}
      : {
          lastObservedProgressPercent: `${report.lastObservation.percent}%`,
          lastObservedTransferRate: report.lastObservation.rate,
        }),
    ...(hasSucceeded ? { lastObservedProgressPercent: "100%" } : {}),
  };
}

function hasResult(pod: Pod, { proof, copied }: TransferReport): boolean {
  const comparesOnly = pod.spec.containers.some(({ args }) => args?.[0] === "verify");
  return comparesOnly ? proof?.result === "verified" : copied !== undefined;
}

export function runningAttempt(pod: Pod, now: Date): RsyncPodStatus {
  const { name = "", creationTimestamp } = pod.metadata;
  const elapsedMs = elapsedOf(pod, now);
  return {
    podName: name,
    phase: pod.status?.phase ?? "Pending",
    ...(elapsedMs === undefined ? {} : { containerElapsedTime: goDuration(elapsedMs) }),
    ...(creationTimestamp ? { creationTimestamp } : {}),
  };
}

function elapsedOf(pod: Pod, now: Date): number | undefined {
  const { terminated, running } = rsyncState(pod) ?? {};
  const startedAt = (terminated ?? running)?.startedAt;
  return startedAt === undefined
    ? undefined
    : (endedAt(pod) ?? now.getTime()) - Date.parse(startedAt);
}

function lastWords(pod: Pod, report: TransferReport): string {
  const { failure, proof, copied } = report;
  if (failure?.message) return failure.message;
  if (proof?.result === "differs") {
    return `${proof.differences ?? 0} entries differ after the copy.`;
  }
  return copied === undefined ? wordsOfPod(pod, report.tail) : report.tail;
}

function wordsOfPod(pod: Pod, tail: string): string {
  const { reason, message } = rsyncState(pod)?.terminated ?? pod.status ?? {};
  const said = [reason, message, tail].filter((part) => part);
  return said.join("\n") || "The transfer pod ended without a word. Its log could not be read.";
}

/** A duration as Go writes it, in whole seconds. */
function goDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
