import { fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { builtinSchema } from "./builtin-schema.ts";
import { ANY } from "./field-schema.ts";
import type { FieldSchema, ListSchema, ScalarType, StructSchema } from "./field-schema.ts";

const compiled = new WeakMap<Fields, FieldSchema>();

/** The schema of a custom resource's objects, metadata included, for merging and owning fields. */
export function customSchema(structural: Fields | undefined): FieldSchema {
  const root = structural === undefined ? ANY : fieldSchemaOf(structural);
  const struct = root.kind === "struct" ? root : undefined;
  const metadata = builtinSchema("V1ObjectMeta");
  const text: FieldSchema = { kind: "scalar", type: "string" };
  return {
    kind: "struct",
    fieldNames: [...new Set(["apiVersion", "kind", "metadata", ...(struct?.fieldNames ?? [])])],
    required: struct?.required ?? new Set(),
    atomic: false,
    field(name) {
      if (name === "metadata") return metadata;
      if (name === "apiVersion" || name === "kind") return text;
      return struct?.field(name) ?? (root.kind === "any" ? ANY : undefined);
    },
  };
}

/** Reads one node of a structural schema. */
function fieldSchemaOf(node: Fields): FieldSchema {
  const known = compiled.get(node);
  if (known !== undefined) return known;
  const made = compile(node);
  compiled.set(node, made);
  return made;
}

function compile(node: Fields): FieldSchema {
  if (node["x-kubernetes-int-or-string"] === true) return { kind: "scalar", type: "int-or-string" };
  switch (node["type"]) {
    case "object":
      return compileObject(node);
    case "array":
      return compileList(node);
    case "string":
    case "boolean":
    case "integer":
    case "number":
      return { kind: "scalar", type: node["type"] as ScalarType };
    default:
      return ANY;
  }
}

function compileObject(node: Fields): FieldSchema {
  const atomic = node["x-kubernetes-map-type"] === "atomic";
  const additional = node["additionalProperties"];
  const properties = fieldsOf(node["properties"]);
  if (isFields(additional) && Object.keys(properties).length === 0) {
    return { kind: "map", values: fieldSchemaOf(additional), atomic };
  }
  if (Object.keys(properties).length === 0) {
    return atomic ? { kind: "map", values: ANY, atomic } : ANY;
  }
  return structOf(node, properties, atomic);
}

function structOf(node: Fields, properties: Fields, atomic: boolean): StructSchema {
  const keepsUnknown = node["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    kind: "struct",
    fieldNames: Object.keys(properties),
    required: new Set(
      listOf(node["required"]).filter((name): name is string => typeof name === "string"),
    ),
    atomic,
    field(name) {
      const property = properties[name];
      if (property !== undefined) return fieldSchemaOf(fieldsOf(property));
      return keepsUnknown ? ANY : undefined;
    },
  };
}

function compileList(node: Fields): ListSchema {
  const items = fieldsOf(node["items"]);
  const type = textOf(node["x-kubernetes-list-type"]);
  const keys = listOf(node["x-kubernetes-list-map-keys"]).filter(
    (key): key is string => typeof key === "string",
  );
  const defaults: Fields = {};
  for (const key of keys) {
    const value = fieldsOf(fieldsOf(items["properties"])[key])["default"];
    if (value !== undefined) defaults[key] = value;
  }
  return {
    kind: "list",
    items: fieldSchemaOf(items),
    listType: type === "map" || type === "set" ? type : "atomic",
    keys,
    patchMerge: false,
    keyDefaults: defaults,
  };
}
