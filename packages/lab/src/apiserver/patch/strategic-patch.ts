import { belowField } from "../fields/list-items.ts";
import { badRequest, StatusError } from "../http/status-error.ts";
import { deepEqual, isFields, listOf } from "../json.ts";
import type { Fields } from "../json.ts";
import type { FieldSchema, ListSchema } from "../schema/field-schema.ts";
import { orderedItems } from "./element-order.ts";

const DIRECTIVE = "$patch";
const RETAIN = "$retainKeys";
const ORDER = "$setElementOrder/";
const REMOVE = "$deleteFromPrimitiveList/";

/** Kubernetes' strategic merge patch: lists of builtin types merge by their keys, and directives say the rest. */
export function strategicPatch(target: unknown, patch: unknown, schema: FieldSchema): unknown {
  if (!isFields(patch)) return patch;
  const current = isFields(target) ? target : {};
  const directive = patch[DIRECTIVE];
  if (directive === "replace") return withoutDirectives(patch);
  if (directive === "delete") return undefined;
  if (directive !== undefined && directive !== "merge") {
    throw badRequest(`Wrong patch type: ${JSON.stringify(directive)}`);
  }
  const result = retainedFields(current, patch);
  for (const [field, value] of Object.entries(patch)) {
    if (!field.startsWith("$")) patchField(result, field, { value, schema });
  }
  applyListDirectives(result, patch, { schema, current });
  return result;
}

function patchField(
  result: Fields,
  field: string,
  given: { readonly value: unknown; readonly schema: FieldSchema },
): void {
  const below = belowField(given.schema, field);
  const { value } = given;
  if (value === null) {
    delete result[field];
    return;
  }
  const current = result[field];
  const patched =
    below.kind === "list" && Array.isArray(value)
      ? patchList(listOf(current), value, below)
      : strategicPatch(current, value, below);
  if (patched === undefined) delete result[field];
  else result[field] = patched;
}

function retainedFields(current: Fields, patch: Fields): Fields {
  const retained = patch[RETAIN];
  if (!Array.isArray(retained)) return { ...current };
  return Object.fromEntries(Object.entries(current).filter(([field]) => retained.includes(field)));
}

/** Directives that stand beside a list and name it: values to delete, and the order to bring it in. */
function applyListDirectives(
  result: Fields,
  patch: Fields,
  { schema, current }: { readonly schema: FieldSchema; readonly current: Fields },
): void {
  for (const [directive, value] of Object.entries(patch)) {
    if (directive.startsWith(REMOVE)) {
      const field = directive.slice(REMOVE.length);
      const gone = listOf(value);
      result[field] = listOf(result[field]).filter(
        (item) => !gone.some((other) => deepEqual(item, other)),
      );
    }
    if (directive.startsWith(ORDER)) {
      const field = directive.slice(ORDER.length);
      const below = belowField(schema, field);
      const list = result[field];
      if (below.kind !== "list" || !Array.isArray(list)) continue;
      const lists = { merged: list, order: listOf(value), server: listOf(current[field]) };
      result[field] = orderedItems(lists, (item) => identityOf(item, below));
    }
  }
}

function identityOf(item: unknown, schema: ListSchema): string {
  const key = schema.patchKey;
  return JSON.stringify(key !== undefined && isFields(item) ? item[key] : item) ?? "";
}

function patchList(
  current: readonly unknown[],
  patch: readonly unknown[],
  schema: ListSchema,
): unknown[] {
  if (!schema.patchMerge) return patch.map(withoutDirectives);
  const replaces = patch.some((item) => isFields(item) && item[DIRECTIVE] === "replace");
  if (replaces) {
    return patch
      .filter((item) => !isFields(item) || item[DIRECTIVE] === undefined)
      .map(withoutDirectives);
  }
  const key = schema.patchKey;
  const merged =
    key === undefined
      ? mergeValues(current, patch)
      : patch.reduce<unknown[]>(
          (list, item) => patchItem(list, item, { schema, key }),
          [...current],
        );
  const lists = { merged, order: patch, server: current };
  return orderedItems(lists, (item) => identityOf(item, schema));
}

function mergeValues(current: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const added = patch.filter((item) => !current.some((other) => deepEqual(item, other)));
  return [...current, ...added];
}

function patchItem(
  list: unknown[],
  item: unknown,
  rule: { readonly schema: ListSchema; readonly key: string },
): unknown[] {
  if (!isFields(item) || item[rule.key] === undefined) {
    const message = `map: ${goValue(item)} does not contain declared merge key: ${rule.key}`;
    throw new StatusError(500, "", { message });
  }
  const value = item[rule.key];
  const isSame = (other: unknown): boolean => isFields(other) && deepEqual(other[rule.key], value);
  if (item[DIRECTIVE] === "delete") return list.filter((other) => !isSame(other));
  const index = list.findIndex(isSame);
  const merged = strategicPatch(list[index] ?? {}, item, rule.schema.items);
  if (index < 0) return [...list, merged];
  return list.with(index, merged);
}

/** As Go prints what it read from JSON. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(" ")}]`;
  if (!isFields(value)) return value === null ? "<nil>" : String(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goValue(item)}`).join(" ")}]`;
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isFields(value)) return value;
  const kept = Object.entries(value).filter(
    ([field, item]) => !field.startsWith("$") && item !== null,
  );
  return Object.fromEntries(kept.map(([field, item]) => [field, withoutDirectives(item)]));
}
