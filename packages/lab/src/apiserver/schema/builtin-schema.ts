import builtinFields from "./builtin-fields.json" with { type: "json" };
import { ANY } from "./field-schema.ts";
import type { FieldSchema, ListSchema, ScalarType, StructSchema } from "./field-schema.ts";
import { ATOMIC_MAPS, ATOMIC_TYPES, LIST_RULES } from "./list-rules.ts";
import type { ListRule } from "./list-rules.ts";

const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = builtinFields;

const SCALARS: ReadonlySet<string> = new Set<ScalarType>([
  "string",
  "boolean",
  "int32",
  "int64",
  "integer",
  "number",
  "time",
  "bytes",
  "quantity",
  "int-or-string",
]);

const structs = new Map<string, StructSchema>();

/** The schema of a builtin type such as `V1Pod`; undefined for an unknown name. */
export function builtinSchema(name: string): StructSchema | undefined {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const fields = FIELDS[name];
  if (fields === undefined) return undefined;
  const made = structOf(name, fields);
  structs.set(name, made);
  return made;
}

/** Names of every builtin type. */
export function builtinTypeNames(): readonly string[] {
  return Object.keys(FIELDS);
}

function structOf(name: string, fields: Readonly<Record<string, string>>): StructSchema {
  const codes = new Map<string, string>();
  const required = new Set<string>();
  for (const [field, code] of Object.entries(fields)) {
    const bare = field.replace(/!$/, "");
    codes.set(bare, code);
    if (bare !== field) required.add(bare);
  }
  const compiled = new Map<string, FieldSchema>();
  return {
    kind: "struct",
    name,
    fieldNames: [...codes.keys()],
    required,
    atomic: ATOMIC_TYPES.has(name),
    field(field) {
      const known = compiled.get(field);
      if (known !== undefined) return known;
      const code = codes.get(field);
      if (code === undefined) return undefined;
      const made = fieldOf(name, field, code);
      compiled.set(field, made);
      return made;
    },
  };
}

function fieldOf(type: string, field: string, code: string): FieldSchema {
  if (code.startsWith("[")) {
    return listOf(valueOf(code.slice(1, -1)), LIST_RULES[type]?.[field]);
  }
  if (code.startsWith("{")) {
    const atomic = ATOMIC_MAPS.has(`${type}.${field}`);
    return { kind: "map", values: valueOf(code.slice(1, -1)), atomic };
  }
  return valueOf(code);
}

function valueOf(code: string): FieldSchema {
  if (SCALARS.has(code)) return { kind: "scalar", type: code as ScalarType };
  if (code.startsWith("[")) return listOf(valueOf(code.slice(1, -1)));
  return builtinSchema(code) ?? ANY;
}

function listOf(items: FieldSchema, rule: ListRule = {}): ListSchema {
  const { keys = [], patchKey = keys[0], patchMerge = keys.length > 0, keyDefaults } = rule;
  return {
    kind: "list",
    items,
    listType: listTypeOf(rule),
    keys,
    patchMerge,
    ...(patchKey === undefined ? {} : { patchKey }),
    ...(keyDefaults === undefined ? {} : { keyDefaults }),
  };
}

function listTypeOf({ keys = [], set = false }: ListRule): ListSchema["listType"] {
  if (keys.length > 0) return "map";
  return set ? "set" : "atomic";
}
