import type { Pod } from "@drover/crds";

export function mountsClaim(pod: Pod, claimName: string): boolean {
  return Boolean(
    pod.spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claimName),
  );
}

/** True once the pod has ended for good. */
export function isOver(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

export function isReady(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    Boolean(
      pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
    )
  );
}

/** Why a pod does not run yet, as the cluster tells it. */
export function pendingReason(pod: Pod): string {
  const { status = {} } = pod;
  const { reason, message } = waitingState(status) ?? unscheduled(status) ?? status;
  const parts = [reason, message].filter((part) => part !== undefined && part !== "");
  return parts.join(": ") || (status.phase ?? "Pending");
}

type PodStatus = NonNullable<Pod["status"]>;

function waitingState({ containerStatuses = [] }: PodStatus) {
  return containerStatuses.find(({ state }) => state?.waiting)?.state?.waiting;
}

function unscheduled({ conditions = [] }: PodStatus) {
  return conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
}
