/** A JSON schema in the structural form that CustomResourceDefinitions demand. */
export type StructuralSchema = {
  type?: string;
  format?: string;
  description?: string;
  nullable?: true;
  enum?: readonly unknown[];
  default?: unknown;
  pattern?: string;
  properties?: Record<string, StructuralSchema>;
  required?: readonly string[];
  items?: StructuralSchema;
  additionalProperties?: StructuralSchema;
  anyOf?: readonly StructuralSchema[];
  "x-kubernetes-int-or-string"?: true;
  "x-kubernetes-map-type"?: unknown;
  "x-kubernetes-preserve-unknown-fields"?: true;
};

/** Kubernetes' own pattern of quantities. */
export const quantityPattern =
  "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

/** The parts of zod's JSON schema that are read here. */
type JsonSchema = { readonly [key: string]: unknown };

const copied = ["format", "description", "enum", "default", "x-kubernetes-map-type"] as const;

/** Turns zod's JSON schema into structural form: no references, no type unions, unknown fields preserved. */
export function structuralSchema(schema: JsonSchema): StructuralSchema {
  const notNull = withoutNull(schema);
  if (notNull !== undefined) return { ...structuralSchema(notNull), nullable: true };
  const result: StructuralSchema = {};
  for (const key of copied) {
    if (schema[key] !== undefined) Object.assign(result, { [key]: schema[key] });
  }
  if (schema["x-kubernetes-int-or-string"] === true) return intOrString(result, schema);
  if (typeof schema["type"] !== "string") {
    return { ...result, "x-kubernetes-preserve-unknown-fields": true };
  }
  result.type = schema["type"];
  if (result.type === "array") result.items = structuralSchema(asSchema(schema["items"]));
  if (result.type === "object") Object.assign(result, objectParts(schema));
  return result;
}

/** What a schema that allows null allows besides; undefined when it does not allow null. */
function withoutNull(schema: JsonSchema): JsonSchema | undefined {
  const alternatives = asSchemas(schema["anyOf"]);
  const notNull = alternatives.filter((one) => one["type"] !== "null");
  if (notNull.length < alternatives.length) {
    const { anyOf: _, ...outer } = schema;
    return { ...notNull[0], ...outer };
  }
  const types = Array.isArray(schema["type"]) ? schema["type"].map(String) : [];
  const isNullable = types.length === 2 && types.includes("null");
  return isNullable ? { ...schema, type: types.find((type) => type !== "null") } : undefined;
}

function intOrString(result: StructuralSchema, schema: JsonSchema): StructuralSchema {
  return {
    ...result,
    anyOf: [{ type: "integer" }, { type: "string" }],
    ...(schema["quantity"] === true ? { pattern: quantityPattern } : {}),
    "x-kubernetes-int-or-string": true,
  };
}

function objectParts(schema: JsonSchema): StructuralSchema {
  const properties = Object.entries(asSchema(schema["properties"]));
  const rest = schema["additionalProperties"];
  const required = Array.isArray(schema["required"]) ? schema["required"].map(String) : [];
  return {
    ...(properties.length > 0
      ? {
          properties: Object.fromEntries(
            properties.map(([name, field]) => [name, structuralSchema(asSchema(field))]),
          ),
        }
      : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(isEmpty(rest)
      ? { "x-kubernetes-preserve-unknown-fields": true }
      : { additionalProperties: structuralSchema(asSchema(rest)) }),
  };
}

function isEmpty(schema: unknown): boolean {
  return Object.keys(asSchema(schema)).length === 0;
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? (value as JsonSchema) : {};
}

function asSchemas(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value.map(asSchema) : [];
}
