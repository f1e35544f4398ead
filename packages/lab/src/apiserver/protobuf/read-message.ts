import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Fields } from "../json.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import { fieldAt, listAt } from "./message-fields.ts";
import { messagePlan } from "./message-plan.ts";
import type { FieldForm, MessagePlan, PlannedField } from "./message-plan.ts";
import { rawValue, scalarValue, timeValue } from "./scalar-value.ts";

/** The fields of a model's message, as JSON would bring them. */
export function readMessage(model: string, message: ReflectMessage): Fields {
  const plan = messagePlan(model);
  const fields: Fields = {};
  if (plan !== undefined) readInto(fields, message, plan);
  return fields;
}

function readInto(fields: Fields, message: ReflectMessage, plan: MessagePlan): void {
  for (const described of message.fields) {
    const planned = plan.fields.get(described.number);
    if (planned === undefined || !message.isSet(described)) continue;
    const value: unknown = message.get(described);
    if (planned.kind === "embedded") readInto(fields, value as ReflectMessage, planned.plan);
    else readField(fields, planned, value);
  }
}

function readField(fields: Fields, planned: PlannedField & { kind: "field" }, raw: unknown): void {
  const value = fieldValue(planned, raw);
  // Go writes what is no pointer even where it holds nothing; its JSON leaves that out.
  const isNothing = value === "" || value === 0 || value === false || value === null;
  if (isNothing && !planned.isPointer) return;
  fields[planned.name] = value;
}

function fieldValue({ schema, form }: PlannedField & { kind: "field" }, raw: unknown): unknown {
  if (schema.kind === "list" && form === "plain") {
    return [...(raw as Iterable<unknown>)].map((item) => valueOf(schema.items, form, item));
  }
  if (schema.kind !== "map") return valueOf(schema, form, raw);
  const entries = [...(raw as Iterable<[string, unknown]>)];
  return Object.fromEntries(
    entries.map(([key, item]) => [key, valueOf(schema.values, form, item)]),
  );
}

function valueOf(schema: FieldSchema, form: FieldForm, raw: unknown): unknown {
  if (form !== "plain") return FORMS[form](raw as ReflectMessage);
  switch (schema.kind) {
    case "scalar":
      return scalarValue(schema.type, raw);
    case "struct":
      return readMessage(schema.name ?? "", raw as ReflectMessage);
    case "list":
      return listAt(raw as ReflectMessage, 1);
    default:
      return rawValue(raw as ReflectMessage);
  }
}

const FORMS: Readonly<Record<Exclude<FieldForm, "plain">, (message: ReflectMessage) => unknown>> = {
  "micro-time": (message) => timeValue(message, 6),
  "schema-or-bool": (message) => schemaAt(message, 2) ?? fieldAt(message, 1) === true,
  schemas: (message) => schemaAt(message, 1) ?? listAt(message, 2).map(schemaFields),
  "schema-or-texts": (message) => schemaAt(message, 1) ?? listAt(message, 2),
};

function schemaAt(message: ReflectMessage, number: number): unknown {
  const schema = fieldAt(message, number);
  return schema === undefined ? undefined : schemaFields(schema);
}

function schemaFields(schema: unknown): unknown {
  return readMessage("V1JSONSchemaProps", schema as ReflectMessage);
}
