import { fieldsOf, isFields, listOf } from "../json.ts";
import type { Fields } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { definitionName } from "./definition-names.ts";

/** Parts of a structural schema that OpenAPI v2 cannot say. */
const NOT_IN_V2 = new Set([
  "allOf",
  "anyOf",
  "default",
  "example",
  "not",
  "nullable",
  "oneOf",
  "x-kubernetes-validations",
]);

export type OpenApiVersion = "v2" | "v3";

/** The schema of a custom kind, as OpenAPI publishes it. */
export function customDefinition(
  info: ResourceInfo,
  prefix: string,
  version: OpenApiVersion,
): Fields {
  const structural = info.custom?.schema ?? {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
  };
  const schema = version === "v2" ? simplified(structural) : structuredClone(structural);
  const properties = {
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { $ref: `${prefix}${definitionName("V1ObjectMeta")}` },
    ...withoutRoot(fieldsOf(schema["properties"])),
  };
  const { group, kind, version: apiVersion } = info;
  return {
    ...schema,
    ...(schema[PRESERVE] === true ? {} : { properties }),
    "x-kubernetes-group-version-kind": [{ group, kind, version: apiVersion }],
  };
}

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const ROOT = new Set(["apiVersion", "kind", "metadata"]);

function withoutRoot(properties: Fields): Fields {
  return Object.fromEntries(Object.entries(properties).filter(([field]) => !ROOT.has(field)));
}

/** What v2 can say of a schema. Where unknown fields are kept, properties go, or clients would refuse them. */
function simplified(schema: Fields): Fields {
  if (schema["x-kubernetes-int-or-string"] === true) return { "x-kubernetes-int-or-string": true };
  const result: Fields = {};
  for (const [field, value] of Object.entries(schema)) {
    if (!NOT_IN_V2.has(field)) result[field] = value;
  }
  if (schema[PRESERVE] === true || schema["nullable"] === true) return opened(result, schema);
  if (isFields(result["properties"])) {
    const entries = Object.entries(result["properties"]);
    result["properties"] = Object.fromEntries(
      entries.map(([field, value]) => [field, simplified(fieldsOf(value))]),
    );
  }
  for (const field of ["items", "additionalProperties"]) {
    if (isFields(result[field])) result[field] = simplified(result[field]);
  }
  if (listOf(result["required"]).length === 0) delete result["required"];
  return result;
}

/** Without what would make a client refuse an object the server keeps. */
function opened(result: Fields, schema: Fields): Fields {
  const { properties: _p, items: _i, additionalProperties: _a, required: _r, ...kept } = result;
  if (schema["nullable"] !== true) return kept;
  const { type: _type, ...untyped } = kept;
  return untyped;
}
