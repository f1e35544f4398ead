import type { KubeObject, ResourceKind } from "@drover/crds";
import { Event, apiVersionOf, kubeTime } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { digestOf } from "./digest.ts";
import type { PassEvent } from "./reconciler.ts";

const COMPONENT = "drover-controller";

/**
 * Records an Event about an object. Its name is made from what it says, so saying the same again finds the same
 * Event, on this process or another, and only counts up.
 */
export async function recordEvent<T extends KubeObject>(
  host: Cluster,
  about: { readonly kind: ResourceKind<T>; readonly object: T },
  event: PassEvent & { readonly at: Date },
): Promise<void> {
  const draft = eventObject(about, event);
  const ref = { namespace: draft.metadata.namespace ?? "", name: draft.metadata.name ?? "" };
  const existing = await host.find(Event, ref);
  if (!existing) {
    await host.apply(Event, draft, { fieldManager: COMPONENT });
    return;
  }
  const body = { count: (existing.count ?? 1) + 1, lastTimestamp: draft.lastTimestamp };
  await host.patch(Event, ref, { type: "merge", body });
}

function eventObject<T extends KubeObject>(
  { kind, object }: { readonly kind: ResourceKind<T>; readonly object: T },
  { type, reason, message, at }: PassEvent & { readonly at: Date },
): Event {
  const { name = "", namespace = "", uid = "" } = object.metadata;
  const time = kubeTime(at);
  const suffix = digestOf([uid, type, reason, message]).slice(0, 16);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name.slice(0, 230)}.${suffix}`, namespace },
    involvedObject: { apiVersion: apiVersionOf(kind), kind: kind.kind, name, namespace, uid },
    type,
    reason,
    message: message.slice(0, 1024),
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: "",
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
