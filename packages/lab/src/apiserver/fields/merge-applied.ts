import { isFields } from "../json.ts";
import type { Fields } from "../json.ts";
import type { FieldSchema, ListSchema } from "../schema/field-schema.ts";
import type { FieldSet } from "./field-set.ts";
import { belowField, isOneValue, itemsByStep, stepOf } from "./list-items.ts";

/** The live value with everything the applied one says. Neither is changed. */
export function mergeApplied(live: unknown, applied: unknown, schema: FieldSchema): unknown {
  if (applied === undefined) return live;
  if (live === undefined || live === null) return applied;
  if (isOneValue(schema)) return applied;
  if (schema.kind === "list") return mergeAnyLists(live, applied, schema);
  return isFields(live) && isFields(applied) ? mergeFields(live, applied, schema) : applied;
}

function mergeAnyLists(live: unknown, applied: unknown, schema: ListSchema): unknown {
  const mergeable = Array.isArray(live) && Array.isArray(applied);
  return mergeable ? mergeLists(live, applied, schema) : applied;
}

function mergeFields(live: Fields, applied: Fields, schema: FieldSchema): Fields {
  const merged: Fields = { ...live };
  for (const [field, value] of Object.entries(applied)) {
    merged[field] = mergeApplied(live[field], value, belowField(schema, field));
  }
  return merged;
}

/** Keeps the order of both lists where they agree, and the applied order where they do not. */
function mergeLists(
  live: readonly unknown[],
  applied: readonly unknown[],
  schema: ListSchema,
): unknown[] {
  const liveItems = itemsByStep(live, schema);
  const appliedItems = itemsByStep(applied, schema);
  const liveSteps = [...liveItems.keys()];
  const merged: unknown[] = [];
  const done = new Set<string>();
  const take = (step: string): void => {
    if (done.has(step)) return;
    done.add(step);
    merged.push(mergeApplied(liveItems.get(step), appliedItems.get(step), schema.items));
  };
  let next = 0;
  for (const step of appliedItems.keys()) {
    // Items only the live list has stay in front of what followed them there.
    while (next < liveSteps.length && !appliedItems.has(liveSteps[next] ?? "")) {
      take(liveSteps[next] ?? "");
      next += 1;
    }
    if (liveSteps[next] === step) next += 1;
    take(step);
  }
  for (const step of liveSteps) take(step);
  return merged;
}

/**
 * The value without the fields of `removed`. A part stays when something below it is in `kept`;
 * what became empty by removal goes too.
 */
export function removeFields(
  value: unknown,
  schema: FieldSchema,
  sets: { readonly removed: FieldSet; readonly kept: FieldSet },
): unknown {
  if (sets.removed.size === 0) return value;
  if (schema.kind === "list") {
    if (!Array.isArray(value) || schema.listType === "atomic") return value;
    const left = value
      .map((item) => removePart(item, schema.items, { step: stepOf(item, schema), ...sets }))
      .filter((item) => item !== undefined);
    return left.length === 0 ? undefined : left;
  }
  if (!isFields(value)) return value;
  const left: Fields = {};
  for (const [field, item] of Object.entries(value)) {
    const below = belowField(schema, field);
    const kept = removePart(item, below, { step: `f:${field}`, ...sets });
    if (kept !== undefined) left[field] = kept;
  }
  return Object.keys(left).length === 0 ? undefined : left;
}

function removePart(
  value: unknown,
  schema: FieldSchema,
  asked: { readonly step: string; readonly removed: FieldSet; readonly kept: FieldSet },
): unknown {
  const node = asked.removed.get(asked.step);
  if (node === undefined) return value;
  const kept = asked.kept.get(asked.step);
  if (node.member && kept === undefined) return undefined;
  const below = removeFields(value, schema, {
    removed: node.children,
    kept: kept?.children ?? new Map(),
  });
  return below === undefined && kept !== undefined ? value : below;
}
