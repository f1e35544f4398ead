import type { DirectVolumeMigration, PodProgress } from "@drover/crds";
import type { StatusDraft } from "../runtime/reconciler.ts";
import type { Copying } from "./copy-state.ts";

const LISTS = ["successfulPods", "failedPods", "runningPods", "pendingPods"] as const;

/** Sorts the volumes into the lists of the status, each with its pod and progress. */
export function showCopies(
  status: StatusDraft<DirectVolumeMigration>,
  copies: readonly Copying[],
): void {
  const byList = Map.groupBy(copies, listOf);
  for (const list of LISTS) {
    const shown = byList.get(list);
    if (shown === undefined) delete status[list];
    else status[list] = shown.map(podProgress);
  }
  status.rsyncOperations = copies.map(({ copy, state, report }) => ({
    pvcReference: { namespace: copy.claim.namespace, name: copy.claim.name },
    currentAttempt:
      state.state === "copying" ? state.attempt : (report?.status?.rsyncPodStatuses?.length ?? 0),
    ...(state.state === "copied" ? { succeeded: true } : {}),
    ...(state.state === "failed" ? { failed: true } : {}),
  }));
}

function listOf({ state, report }: Copying): (typeof LISTS)[number] {
  if (state.state === "copied") return "successfulPods";
  if (state.state === "failed") return "failedPods";
  return report?.status?.phase === "Running" ? "runningPods" : "pendingPods";
}

function podProgress({ copy, report }: Copying): PodProgress {
  const { namespace, name } = copy.claim;
  const { podName, containerElapsedTime, lastObservedTransferRate, totalProgressPercentage } =
    report?.status ?? {};
  return {
    kind: "Pod",
    namespace,
    ...(podName === undefined ? {} : { name: podName }),
    pvcRef: { namespace, name },
    ...(totalProgressPercentage === undefined
      ? {}
      : { lastObservedProgressPercent: totalProgressPercentage }),
    ...(lastObservedTransferRate === undefined ? {} : { lastObservedTransferRate }),
    ...(containerElapsedTime === undefined ? {} : { totalElapsedTime: containerElapsedTime }),
  };
}
