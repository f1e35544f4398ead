import { deepEqual, isFields } from "../json.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import { insertPath } from "./field-set.ts";
import type { FieldPath, FieldSet } from "./field-set.ts";
import { partsOf } from "./list-items.ts";
import type { Part } from "./list-items.ts";

/** The fields an applied object says something about. */
export function ownedFields(object: unknown, schema: FieldSchema): FieldSet {
  const set: FieldSet = new Map();
  collect(set, [], { value: object, schema });
  return withoutServerFields(set);
}

function collect(set: FieldSet, path: FieldPath, { value, schema }: Part): void {
  const parts = partsOf(value, schema);
  if (parts === undefined) {
    insertPath(set, path);
    return;
  }
  for (const [step, part] of parts) {
    const below = [...path, step];
    collect(set, below, part);
    if (schema.kind === "list" || isEmpty(part.value)) insertPath(set, below);
  }
}

function isEmpty(value: unknown): boolean {
  return isFields(value) && Object.keys(value).length === 0;
}

const IDENTITY = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "generation",
  "managedFields",
  "resourceVersion",
];

/** Nobody owns what names an object or what only the server sets. */
function withoutServerFields(set: FieldSet): FieldSet {
  set.delete("f:apiVersion");
  set.delete("f:kind");
  const metadata = set.get("f:metadata");
  if (metadata === undefined) return set;
  metadata.member = false;
  for (const field of IDENTITY) metadata.children.delete(`f:${field}`);
  if (metadata.children.size === 0) set.delete("f:metadata");
  return set;
}

export type Comparison = {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
};

/** Which fields differ between two states of an object. */
export function compareObjects(left: unknown, right: unknown, schema: FieldSchema): Comparison {
  const result: Comparison = { added: new Map(), modified: new Map(), removed: new Map() };
  compare(result, [], { left, right, schema });
  withoutServerFields(result.added);
  withoutServerFields(result.modified);
  withoutServerFields(result.removed);
  return result;
}

type Pair = { readonly left: unknown; readonly right: unknown; readonly schema: FieldSchema };

function compare(result: Comparison, path: FieldPath, pair: Pair): void {
  const { left, right, schema } = pair;
  if (left === right) return;
  const parts = pairedParts(partsOf(left, schema), partsOf(right, schema));
  if (parts === undefined) {
    compareLeaves(result, path, pair);
    return;
  }
  for (const [step, below] of parts) compare(result, [...path, step], below);
  if (path.length === 0) return;
  if (left === undefined && !isAlwaysThere(path)) insertPath(result.added, path);
  else if (right === undefined) insertPath(result.removed, path);
}

type Parts = ReadonlyMap<string, Part>;
const NO_PARTS: Parts = new Map();

/** The parts of both sides by step; undefined when both are leaves. */
function pairedParts(
  before: Parts | undefined,
  after: Parts | undefined,
): [step: string, pair: Pair][] | undefined {
  if (before === undefined && after === undefined) return undefined;
  const [left, right] = [before ?? NO_PARTS, after ?? NO_PARTS];
  const paired: [string, Pair][] = [];
  for (const [step, { value, schema }] of left) {
    paired.push([step, { left: value, right: right.get(step)?.value, schema }]);
  }
  for (const [step, { value, schema }] of right) {
    if (!left.has(step)) paired.push([step, { left: undefined, right: value, schema }]);
  }
  return paired;
}

/** Structures that exist even in an empty object of the builtin kinds; nobody owns their presence. */
const ALWAYS_THERE = new Set([
  "f:metadata",
  "f:spec",
  "f:status",
  "f:template",
  "f:strategy",
  "f:updateStrategy",
  "f:jobTemplate",
  "f:containers",
]);

function isAlwaysThere(path: FieldPath): boolean {
  return ALWAYS_THERE.has(path.at(-1) ?? "");
}

function compareLeaves(
  result: Comparison,
  path: FieldPath,
  { left, right }: { readonly left: unknown; readonly right: unknown },
): void {
  if (path.length === 0) return;
  if (left === undefined) insertPath(result.added, path);
  else if (right === undefined) insertPath(result.removed, path);
  else if (!deepEqual(left, right)) insertPath(result.modified, path);
}
