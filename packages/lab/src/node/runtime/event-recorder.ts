import { randomBytes } from "node:crypto";
import type { KubeObject } from "@drover/crds";
import { Event } from "../kinds/cluster-objects.ts";
import { nameOf, namespaceOf, typeOf, uidOf } from "../kinds/lab-kind.ts";
import type { ClusterView } from "./cluster-view.ts";
import { reasonOf } from "./cluster-view.ts";

export type EventRecorder = {
  /** Tells people what happened to an object. Repeats raise the count of the first event. */
  normal(object: KubeObject, reason: string, message: string): void;
  warning(object: KubeObject, reason: string, message: string): void;
};

const remembered = 500;

/** Records events under a component's name, in the order they happen; a failure to record is only logged. */
export function eventRecorder(view: ClusterView, component: string, host?: string): EventRecorder {
  const recent = new Map<string, Event>();
  let queue = Promise.resolve();

  const write = async (key: string, event: Event): Promise<void> => {
    const first = recent.get(key);
    const stored =
      first === undefined
        ? await view.create(Event, event)
        : await view.change(Event, first, {
            count: first.count + 1,
            lastTimestamp: event.lastTimestamp,
          });
    recent.delete(key);
    if (stored !== undefined) recent.set(key, stored);
    const [oldest] = recent.keys();
    if (recent.size > remembered && oldest !== undefined) recent.delete(oldest);
  };
  const record = (
    type: Event["type"],
    object: KubeObject,
    [reason, message]: [string, string],
  ): void => {
    const event = eventAbout(object, { type, reason, message });
    event.source = { component, ...(host === undefined ? {} : { host }) };
    event.reportingComponent = component;
    event.reportingInstance = host ?? "";
    const key = [uidOf(object), type, reason, message].join("\n");
    queue = queue
      .then(() => write(key, event))
      .catch((error: unknown) => view.log.debug({ reason: reasonOf(error) }, "event not recorded"));
  };
  return {
    normal: (object, reason, message) => record("Normal", object, [reason, message]),
    warning: (object, reason, message) => record("Warning", object, [reason, message]),
  };
}

function eventAbout(object: KubeObject, what: Pick<Event, "type" | "reason" | "message">): Event {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const namespace = namespaceOf(object) === "" ? "default" : namespaceOf(object);
  return {
    ...typeOf(Event),
    metadata: { name: `${nameOf(object)}.${randomBytes(8).toString("hex")}`, namespace },
    involvedObject: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name: nameOf(object),
      uid: uidOf(object),
      ...(namespaceOf(object) === "" ? {} : { namespace }),
      ...(object.metadata.resourceVersion === undefined
        ? {}
        : { resourceVersion: object.metadata.resourceVersion }),
    },
    ...what,
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    source: { component: "" },
    reportingComponent: "",
    reportingInstance: "",
  };
}
