import { UndecodableError } from "../http/status-error.ts";
import { isFields } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { FieldSchema, ScalarSchema, StructSchema } from "./field-schema.ts";
import { canonicalQuantity, NOT_A_QUANTITY } from "./quantity.ts";

export type Shaped = { readonly object: ApiObject; readonly unknownFields: readonly string[] };

type Walk = { readonly unknown: string[]; readonly problem: (text: string) => Error };

/**
 * A fresh copy of the object with only what its type knows: unknown fields, nulls and empty lists are left out and
 * quantities brought to canonical form. Throws a 400 for a value of the wrong type.
 */
export function shapeBuiltin(object: ApiObject, schema: StructSchema, version: string): Shaped {
  const walk: Walk = {
    unknown: [],
    problem: (text) => new UndecodableError({ kind: object.kind, version }, text),
  };
  const shaped = shapeStruct(walk, object, { schema, path: "" }) as ApiObject;
  return { object: shaped, unknownFields: walk.unknown };
}

type Place<S> = { readonly schema: S; readonly path: string; readonly goField?: string };

function shapeStruct(walk: Walk, value: Fields, { schema, path }: Place<StructSchema>): Fields {
  const result: Fields = {};
  for (const [field, item] of Object.entries(value)) {
    const below = schema.field(field);
    const where = path === "" ? field : `${path}.${field}`;
    if (below === undefined) {
      walk.unknown.push(where);
      continue;
    }
    if (item === null || item === undefined) continue;
    const goField = `${goName(schema)}.${where}`;
    const shaped = shapeValue(walk, item, { schema: below, path: where, goField });
    if (isOmitted(shaped, below) && !schema.required.has(field)) continue;
    result[field] = shaped;
  }
  return result;
}

function isOmitted(value: unknown, schema: FieldSchema): boolean {
  if (schema.kind === "list") return Array.isArray(value) && value.length === 0;
  if (schema.kind === "map") return isFields(value) && Object.keys(value).length === 0;
  return false;
}

function goName(schema: StructSchema): string {
  return (schema.name ?? "").replace(/^.*V\d+(?:(?:alpha|beta)\d+)?(?=[A-Z])/, "");
}

function shapeValue(walk: Walk, value: unknown, place: Place<FieldSchema>): unknown {
  const { schema, path } = place;
  switch (schema.kind) {
    case "any":
      return structuredClone(value);
    case "scalar":
      return shapeScalar(walk, value, { ...place, schema });
    case "struct":
      if (!isFields(value)) throw walk.problem(mismatch(value, place, goName(schema)));
      return shapeStruct(walk, value, { schema, path });
    case "list":
      if (!Array.isArray(value)) throw walk.problem(mismatch(value, place, "[]"));
      return value.map((item: unknown, index) =>
        shapeValue(walk, item, { ...place, schema: schema.items, path: `${path}[${index}]` }),
      );
    case "map": {
      if (!isFields(value)) throw walk.problem(mismatch(value, place, "map[string]"));
      const entries = Object.entries(value).map(([key, item]) => [
        key,
        shapeMapValue(walk, item, { ...place, schema: schema.values, path: `${path}.${key}` }),
      ]);
      return Object.fromEntries(entries) as Fields;
    }
  }
}

/** Go reads a null in a map of strings as the empty string. */
function shapeMapValue(walk: Walk, value: unknown, place: Place<FieldSchema>): unknown {
  const isText = place.schema.kind === "scalar" && place.schema.type === "string";
  return value === null && isText ? "" : shapeValue(walk, value, place);
}

function shapeScalar(walk: Walk, value: unknown, place: Place<ScalarSchema>): unknown {
  const type = place.schema.type;
  if (type === "quantity") {
    const quantity = canonicalQuantity(value);
    if (quantity === undefined) throw walk.problem(NOT_A_QUANTITY);
    return quantity;
  }
  if (SCALAR_TESTS[type](value)) return value;
  if (type === "bytes" && typeof value === "string") {
    throw walk.problem(`illegal base64 data at input byte ${badByte(value)}`);
  }
  if (type === "time" && typeof value === "string") {
    throw walk.problem(
      `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
    );
  }
  throw walk.problem(mismatch(value, place, GO_TYPES[type]));
}

const isText = (value: unknown): boolean => typeof value === "string";
const isWhole = (value: unknown): boolean => Number.isInteger(value);

const SCALAR_TESTS: Readonly<Record<ScalarSchema["type"], (value: unknown) => boolean>> = {
  string: isText,
  boolean: (value) => typeof value === "boolean",
  int32: (value) => isWhole(value) && Math.abs(Number(value)) <= 2 ** 31,
  int64: isWhole,
  integer: isWhole,
  number: (value) => typeof value === "number",
  time: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  bytes: (value) => typeof value === "string" && BASE64.test(value.replace(/[\r\n]/g, "")),
  quantity: () => false,
  "int-or-string": (value) => isText(value) || isWhole(value),
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const GO_TYPES: Readonly<Record<ScalarSchema["type"], string>> = {
  string: "string",
  boolean: "bool",
  int32: "int32",
  int64: "int64",
  integer: "int64",
  number: "float64",
  time: "v1.Time",
  bytes: "[]uint8",
  quantity: "resource.Quantity",
  "int-or-string": "intstr.IntOrString",
};

function badByte(value: string): number {
  const index = [...value].findIndex((character) => !/[A-Za-z0-9+/=]/.test(character));
  return index < 0 ? value.length : index;
}

/** The words of Go's JSON decoder for a value of the wrong type. */
function mismatch(value: unknown, place: Place<FieldSchema>, goType: string): string {
  const field = place.goField ?? place.path;
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${goType}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
}
