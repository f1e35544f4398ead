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
  if (isOneValue(schema)) return undefined;
  if (schema.kind === "list") {
    if (!Array.isArray(value)) return undefined;
    const items = itemsByStep(value, schema);
    return new Map([...items].map(([step, item]) => [step, { value: item, schema: schema.items }]));
  }
  if (!isFields(value)) return undefined;
  const parts = new Map<string, Part>();
  for (const [field, item] of Object.entries(value)) {
    if (item === undefined) continue;
    parts.set(`f:${field}`, { value: item, schema: belowField(schema, field) });
  }
  return parts;
}

/** Whether a value of this schema is owned and replaced as a whole, whatever is in it. */
export function isOneValue(schema: FieldSchema): boolean {
  switch (schema.kind) {
    case "scalar":
      return true;
    case "list":
      return schema.listType === "atomic";
    case "any":
      return false;
    default:
      return schema.atomic;
  }
}

export type Part = { readonly value: unknown; readonly schema: FieldSchema };

export function belowField(schema: FieldSchema, field: string): FieldSchema {
  if (schema.kind === "struct") return schema.field(field) ?? { kind: "any" };
  if (schema.kind === "map") return schema.values;
  return { kind: "any" };
}
