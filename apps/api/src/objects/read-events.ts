import type { ObjectEvent } from "@drover/contract";
import { Event } from "@drover/crds";
import type { Cluster } from "@drover/kube";

type EventRef = { readonly uid: string; readonly namespace: string };

function lastSeenOf(event: Event): string {
  const series = event.series as { readonly lastObservedTime?: string } | null | undefined;
  const times = [
    series?.lastObservedTime,
    event.lastTimestamp,
    event.eventTime,
    event.metadata.creationTimestamp,
  ];
  return times.find((time) => typeof time === "string" && time !== "") ?? "";
}

/** What the cluster reported about one object, newest first. Objects without a namespace have theirs in `default`. */
export async function readEvents(
  cluster: Cluster,
  { uid, namespace }: EventRef,
): Promise<ObjectEvent[]> {
  const events = await cluster.list(Event, {
    namespace: namespace === "" ? "default" : namespace,
    fieldSelector: `involvedObject.uid=${uid}`,
  });
  return events
    .map((event) => ({
      type: event.type ?? "Normal",
      reason: event.reason ?? "",
      message: event.message ?? "",
      count: event.count ?? 1,
      lastSeen: lastSeenOf(event),
    }))
    .toSorted((left, right) => (left.lastSeen < right.lastSeen ? 1 : -1));
}
