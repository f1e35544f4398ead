import type { KubeObject } from "@drover/crds";
import type { KindRef, ListPage, WatchEvent } from "./cluster.ts";
import { isRecord, refusal } from "./failure.ts";
import { KubeError } from "./kube-error.ts";

/**
 * The one place where an answer of a server becomes a typed object. It checks that this is a Kubernetes object and
 * trusts the server for the rest: a full parse of every object of every list would cost more than the list.
 * Who takes objects from an untrusted cluster parses them with `kind.schema`.
 */
export function objectAtTheDoor<T extends KubeObject>(kind: KindRef, value: unknown): T {
  if (!isRecord(value) || !isRecord(value["metadata"])) throw badAnswer(kind, "an object");
  // Items of a list of built-in kinds come without them.
  value["apiVersion"] ??= kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  value["kind"] ??= kind.kind;
  return value as T;
}

export function pageAtTheDoor<T extends KubeObject>(kind: KindRef, value: unknown): ListPage<T> {
  if (!isRecord(value) || !isRecord(value["metadata"])) throw badAnswer(kind, "a list");
  const { metadata, items } = value;
  // Some servers answer null for an empty list.
  if (!Array.isArray(items) && items !== null) throw badAnswer(kind, "a list");
  const token = metadata["continue"];
  const remaining = metadata["remainingItemCount"];
  return {
    items: (items ?? []).map((item) => objectAtTheDoor<T>(kind, item)),
    resourceVersion: text(metadata["resourceVersion"]),
    ...(typeof token === "string" && token !== "" ? { continue: token } : {}),
    ...(typeof remaining === "number" ? { remainingItemCount: remaining } : {}),
  };
}

/** One line of a watch; throws what an ERROR event says. */
export function eventAtTheDoor<T extends KubeObject>(
  kind: KindRef,
  line: string,
  url: string,
): WatchEvent<T> {
  const event = parseEvent(line);
  if (event === undefined) throw cutEvent(kind, url);
  const { type, object } = event;
  if (type === "ADDED" || type === "MODIFIED" || type === "DELETED")
    return { type, object: objectAtTheDoor<T>(kind, object) };
  if (type === "BOOKMARK") {
    const { metadata } = objectAtTheDoor(kind, object);
    return { type, resourceVersion: text(metadata.resourceVersion) };
  }
  throw refusal({ url, code: 500, body: object });
}

function parseEvent(line: string): Record<string, unknown> | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isRecord(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function badAnswer(kind: KindRef, expected: string): KubeError {
  const message = `The server answered something else than ${expected} when asked for ${kind.plural}.`;
  return new KubeError({ code: 0, reason: "BadAnswer", message });
}

function cutEvent(kind: KindRef, url: string): KubeError {
  const message = `The watch of ${kind.plural} at ${url} was cut in the middle of an event.`;
  return new KubeError({ code: 0, reason: "Unreachable", message });
}
