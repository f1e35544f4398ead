import type { KubeObject, ResourceKind } from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";
import { z } from "zod";

/** An object of any kind, as the server gave it. */
export type RawObject = KubeObject & { readonly [field: string]: unknown };

const RawSchema = z.custom<RawObject>((value) => typeof value === "object" && value !== null);

/** A kind known from discovery only. */
export function rawKind(resource: DiscoveredResource): ResourceKind<RawObject> {
  const { group, version, kind, plural, namespaced } = resource;
  return { group, version, kind, plural, namespaced, schema: RawSchema };
}

/** `resource.group`, or only the resource for the core group: how Velero names a kind. */
export function groupResource({ group, plural }: { group: string; plural: string }): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** A field read as a record; empty when it is something else. */
export function recordAt(object: unknown, ...path: readonly string[]): Record<string, unknown> {
  let current: unknown = object;
  for (const name of path) current = isRecord(current) ? current[name] : undefined;
  return isRecord(current) ? current : {};
}

/** A field read as a list of records. */
export function recordsAt(object: unknown, ...path: readonly string[]): Record<string, unknown>[] {
  const last = path.at(-1) ?? "";
  const list = recordAt(object, ...path.slice(0, -1))[last];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** A field read as text; undefined when it is something else. */
export function textAt(object: unknown, ...path: readonly string[]): string | undefined {
  const value = recordAt(object, ...path.slice(0, -1))[path.at(-1) ?? ""];
  return typeof value === "string" ? value : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
