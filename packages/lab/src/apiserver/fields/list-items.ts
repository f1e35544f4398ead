import { fieldsOf, isFields } from "../json.ts";
import type { FieldSchema, ListSchema } from "../schema/field-schema.ts";

/** The step that names an item of a list that merges by keys or as a set. */
export function stepOf(item: unknown, schema: ListSchema): string {
  if (schema.listType === "set") return `v:${JSON.stringify(item)}`;
  const fields = fieldsOf(item);
  const keys: Record<string, unknown> = {};
  for (const key of [...schema.keys].sort()) {
    const value = fields[key] ?? schema.keyDefaults?.[key];
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** The items of a mergeable list by their step. Of items with the same keys the last counts. */
export function itemsByStep(list: readonly unknown[], schema: ListSchema): Map<string, unknown> {
  return new Map(list.map((item) => [stepOf(item, schema), item]));
}

/** What is below a value: its parts by step, each with its schema. Undefined for a leaf. */
export function partsOf(value: unknown, schema: FieldSchema): Map<string, Part> | undefined {
  if (schema.kind === "list") {
    if (schema.listType === "atomic" || !Array.isArray(value)) return undefined;
    const items = itemsByStep(value, schema);
    return new Map([...items].map(([step, item]) => [step, { value: item, schema: schema.items }]));
  }
  if (schema.kind === "scalar" || !isFields(value)) return undefined;
  if ((schema.kind === "struct" || schema.kind === "map") && schema.atomic) return undefined;
  const parts = new Map<string, Part>();
  for (const [field, item] of Object.entries(value)) {
    if (item === undefined) continue;
    parts.set(`f:${field}`, { value: item, schema: belowField(schema, field) });
  }
  return parts;
}

export type Part = { readonly value: unknown; readonly schema: FieldSchema };

export function belowField(schema: FieldSchema, field: string): FieldSchema {
  if (schema.kind === "struct") return schema.field(field) ?? { kind: "any" };
  if (schema.kind === "map") return schema.values;
  return { kind: "any" };
}
