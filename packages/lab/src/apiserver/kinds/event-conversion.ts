import type { ApiObject, Fields } from "../json.ts";

/** Field names of `events.k8s.io/v1` and what core `v1` calls the same thing. */
const NAMES: readonly (readonly [newer: string, core: string])[] = [
  ["regarding", "involvedObject"],
  ["note", "message"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
  ["reportingController", "reportingComponent"],
];

/** A core event as `events.k8s.io/v1` shows it. */
export function eventFromCore(object: ApiObject): ApiObject {
  return renamed(object, "events.k8s.io/v1", new Map(NAMES.map(([newer, core]) => [core, newer])));
}

/** An `events.k8s.io/v1` event as it is stored. */
export function eventToCore(object: ApiObject): ApiObject {
  return renamed(object, "v1", new Map(NAMES));
}

function renamed(
  object: ApiObject,
  apiVersion: string,
  names: ReadonlyMap<string, string>,
): ApiObject {
  const fields: Fields = {};
  for (const [field, value] of Object.entries(object)) fields[names.get(field) ?? field] = value;
  return { ...fields, apiVersion, kind: object.kind, metadata: object.metadata };
}
