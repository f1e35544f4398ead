import type { Json } from "./api-client.ts";

/** The parts of a structural schema that say which values are right. */
export type SampledSchema = {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SampledSchema>>;
  readonly items?: SampledSchema;
  readonly additionalProperties?: SampledSchema;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
};

/** A field of an older or newer version, which no schema names. */
const UNKNOWN = { newerField: { list: [1, "two", { three: null }], flag: true, text: "äß" } };

const STRINGS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-02T03:04:05Z",
  byte: "Ynl0ZXM=",
};

const SCALARS = { integer: 7, number: 7.5, boolean: true } as const;

/** A value with every field the schema names, and one more wherever unknown ones are kept. */
export function wholeValue(schema: SampledSchema): unknown {
  if (schema["x-kubernetes-int-or-string"] === true) return "10Gi";
  if (schema.type === "object") return wholeObject(schema);
  if (schema.type === "array") return [wholeValue(schema.items ?? {})];
  if (schema.type === undefined) return UNKNOWN.newerField;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === "string") return STRINGS[schema.format ?? ""] ?? "some text";
  return SCALARS[schema.type];
}

function wholeObject(schema: SampledSchema): Json {
  const named = Object.entries(schema.properties ?? {});
  const more = schema.additionalProperties;
  return {
    ...Object.fromEntries(named.map(([name, field]) => [name, wholeValue(field)])),
    ...(more === undefined ? {} : { "any/name": wholeValue(more) }),
    ...(schema["x-kubernetes-preserve-unknown-fields"] === true ? UNKNOWN : {}),
  };
}

/** The same with nothing where nothing is allowed, and without the fields that may be absent. */
export function emptyValue(schema: SampledSchema): unknown {
  if (schema.nullable === true) return null;
  if (schema.type === "array") return [];
  if (schema.type !== "object") return wholeValue(schema);
  const required = new Set(schema.required);
  const named = Object.entries(schema.properties ?? {}).filter(
    ([name, field]) => required.has(name) || field.nullable === true,
  );
  return Object.fromEntries(named.map(([name, field]) => [name, emptyValue(field)]));
}

/** A change that makes a right value wrong: where, and what is there instead; undefined takes the field away. */
export type Mistake = {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
};

/** Every kind of mistake a schema can tell, at every place of a whole value. */
export function mistakes(schema: SampledSchema, path: Mistake["path"] = []): readonly Mistake[] {
  const here = wrongValues(schema).map((value) => ({ path, value }));
  const lacking = (schema.required ?? []).map((name) => ({
    path: [...path, name],
    value: undefined,
  }));
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    mistakes(field, [...path, name]),
  );
  const items = schema.items === undefined ? [] : mistakes(schema.items, [...path, 0]);
  const more = schema.additionalProperties;
  const others = more === undefined ? [] : mistakes(more, [...path, "any/name"]);
  return [...(path.length === 0 ? [] : here), ...lacking, ...inside, ...items, ...others];
}

function wrongValues(schema: SampledSchema): readonly unknown[] {
  if (schema["x-kubernetes-int-or-string"] === true) return [true];
  if (schema.type === undefined) return [];
  const ofOtherType =
    schema.type === "object" || schema.type === "array" ? "text" : { an: "object" };
  return [
    ofOtherType,
    ...(schema.enum === undefined ? [] : ["NotInTheList"]),
    ...(schema.format === "date-time" ? ["yesterday"] : []),
    ...(schema.type === "integer" ? [1.5] : []),
  ];
}

/** A copy of a value with a mistake in it. */
export function withMistake(value: unknown, { path, value: wrong }: Mistake): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return wrong;
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      index === step ? withMistake(item, { path: rest, value: wrong }) : item,
    );
  const object = value as Json;
  // JSON leaves out what is undefined.
  return { ...object, [step]: withMistake(object[step], { path: rest, value: wrong }) };
}
