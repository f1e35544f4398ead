import type { Fields } from "../json.ts";
import { BUILTIN_RESOURCES } from "../resources/builtin-resources.ts";
import { builtinSchema, builtinTypeNames } from "../schema/builtin-schema.ts";
import type { FieldSchema, ListSchema, ScalarType, StructSchema } from "../schema/field-schema.ts";
import { modelOf } from "../schema/model-names.ts";
import { definitionName } from "./definition-names.ts";

const SCALARS: Readonly<Record<ScalarType, Fields>> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  integer: { type: "integer" },
  number: { type: "number", format: "double" },
  time: { type: "string", format: "date-time" },
  bytes: { type: "string", format: "byte" },
  quantity: { type: "string" },
  "int-or-string": { type: "string", format: "int-or-string" },
};

/** Fields whose strategic merge replaces the keys of the old value. */
const RETAINED_KEYS = new Set(["V1PodSpec.volumes", "V1DeploymentSpec.strategy"]);

/** The JSON schemas of every builtin type, by definition name; `prefix` is where references point. */
export function builtinDefinitions(prefix: string): Record<string, Fields> {
  const definitions: Record<string, Fields> = {};
  for (const model of builtinTypeNames()) {
    const schema = builtinSchema(model);
    if (schema !== undefined) definitions[definitionName(model)] = structDefinition(schema, prefix);
  }
  for (const info of BUILTIN_RESOURCES) {
    const definition = definitions[definitionName(modelOf(info))];
    if (definition === undefined) continue;
    const { group, kind, version } = info;
    const known = definition["x-kubernetes-group-version-kind"];
    const kinds = Array.isArray(known) ? (known as unknown[]) : [];
    definition["x-kubernetes-group-version-kind"] = [...kinds, { group, kind, version }];
  }
  return definitions;
}

function structDefinition(schema: StructSchema, prefix: string): Fields {
  const properties: Fields = {};
  for (const field of schema.fieldNames) {
    const below = schema.field(field);
    if (below === undefined) continue;
    const retains = RETAINED_KEYS.has(`${schema.name ?? ""}.${field}`);
    properties[field] = fieldDefinition(below, prefix, retains);
  }
  return {
    description: "",
    type: "object",
    ...(schema.required.size === 0 ? {} : { required: [...schema.required].sort() }),
    properties,
    ...(schema.atomic ? { "x-kubernetes-map-type": "atomic" } : {}),
  };
}

function fieldDefinition(schema: FieldSchema, prefix: string, retains = false): Fields {
  const strategy = retains ? { "x-kubernetes-patch-strategy": "retainKeys" } : {};
  switch (schema.kind) {
    case "any":
      return { type: "object" };
    case "scalar":
      return { ...SCALARS[schema.type] };
    case "struct":
      return { $ref: `${prefix}${definitionName(schema.name ?? "")}`, ...strategy };
    case "map":
      return { type: "object", additionalProperties: fieldDefinition(schema.values, prefix) };
    case "list":
      return {
        type: "array",
        items: fieldDefinition(schema.items, prefix),
        ...listExtensions(schema, retains),
      };
  }
}

function listExtensions(schema: ListSchema, retains: boolean): Fields {
  const strategy = retains ? "merge,retainKeys" : "merge";
  return {
    "x-kubernetes-list-type": schema.listType,
    ...(schema.keys.length === 0 ? {} : { "x-kubernetes-list-map-keys": schema.keys }),
    ...(schema.patchMerge ? { "x-kubernetes-patch-strategy": strategy } : {}),
    ...(schema.patchMerge && schema.patchKey !== undefined
      ? { "x-kubernetes-patch-merge-key": schema.patchKey }
      : {}),
  };
}
