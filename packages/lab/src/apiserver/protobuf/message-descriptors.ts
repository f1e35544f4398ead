import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import type { DescriptorProtoSchema, FieldDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { FieldSchema, ScalarType } from "../schema/field-schema.ts";
import { messagePlan, plannedModels } from "./message-plan.ts";
import type { FieldForm, MessagePlan, PlannedField } from "./message-plan.ts";

type Message = MessageInitShape<typeof DescriptorProtoSchema>;
type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;
type Typed = Pick<Field, "type" | "typeName">;

const PACKAGE = "kubernetes";
const { STRING, BOOL, INT32, INT64, DOUBLE, BYTES, MESSAGE } = FieldDescriptorProto_Type;
const { OPTIONAL, REPEATED } = FieldDescriptorProto_Label;

const message = (name: string): Typed => ({ type: MESSAGE, typeName: `.${PACKAGE}.${name}` });

const SCALARS: Readonly<Record<ScalarType, Typed>> = {
  string: { type: STRING },
  boolean: { type: BOOL },
  int32: { type: INT32 },
  int64: { type: INT64 },
  integer: { type: INT64 },
  number: { type: DOUBLE },
  bytes: { type: BYTES },
  time: message("Time"),
  quantity: message("Quantity"),
  "int-or-string": message("IntOrString"),
};

const FORMS: Readonly<Record<Exclude<FieldForm, "plain">, Typed>> = {
  "micro-time": message("Time"),
  "schema-or-bool": message("SchemaOrBool"),
  schemas: message("Schemas"),
  "schema-or-texts": message("SchemaOrTexts"),
};

const SCHEMA = message("V1JSONSchemaProps");

/** Messages that are something else than an object in JSON. */
const SPECIAL: readonly Message[] = [
  {
    name: "Envelope",
    field: [one(1, message("TypeMeta")), one(2, { type: BYTES }), ...texts(3, 4)],
  },
  { name: "TypeMeta", field: texts(1, 2) },
  { name: "Time", field: [one(1, { type: INT64 }), one(2, { type: INT32 })] },
  { name: "Quantity", field: texts(1) },
  {
    name: "IntOrString",
    field: [one(1, { type: INT64 }), one(2, { type: INT32 }), ...texts(3)],
  },
  { name: "Raw", field: [one(1, { type: BYTES })] },
  { name: "Texts", field: [many(1, { type: STRING })] },
  { name: "SchemaOrBool", field: [one(1, { type: BOOL }), one(2, SCHEMA)] },
  { name: "Schemas", field: [one(1, SCHEMA), many(2, SCHEMA)] },
  { name: "SchemaOrTexts", field: [one(1, SCHEMA), many(2, { type: STRING })] },
];

let registry: ReturnType<typeof createFileRegistry> | undefined;

/** The descriptor of a message: a model's, or one of those that Kubernetes writes in a form of their own. */
export function messageDescriptor(name: string): DescMessage {
  registry ??= describeAll();
  const found = registry.getMessage(`${PACKAGE}.${name}`);
  if (found === undefined) throw new Error(`No message is described for ${name}.`);
  return found;
}

function describeAll(): ReturnType<typeof createFileRegistry> {
  const models = plannedModels().flatMap((model) => {
    const plan = messagePlan(model);
    return plan === undefined ? [] : messagesOf(plan);
  });
  const file = {
    name: `${PACKAGE}.proto`,
    package: PACKAGE,
    syntax: "proto2",
    messageType: [...SPECIAL, ...models],
  };
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
}

/** The message itself and those embedded in it. */
function messagesOf(plan: MessagePlan): Message[] {
  const nestedType: Message[] = [];
  const embedded: Message[] = [];
  const field = [...plan.fields].map(([number, planned]): Field => {
    if (planned.kind === "embedded") {
      embedded.push(...messagesOf(planned.plan));
      return one(number, message(planned.plan.name));
    }
    if (planned.schema.kind === "list") return many(number, typeOf(planned, planned.schema.items));
    if (planned.schema.kind !== "map") return one(number, typeOf(planned, planned.schema));
    const entry = `Entry${number}`;
    nestedType.push({
      name: entry,
      options: { mapEntry: true },
      field: [one(1, { type: STRING }), one(2, typeOf(planned, planned.schema.values))],
    });
    return many(number, message(`${plan.name}.${entry}`));
  });
  return [{ name: plan.name, field, nestedType }, ...embedded];
}

function typeOf(planned: PlannedField & { kind: "field" }, schema: FieldSchema): Typed {
  if (planned.form !== "plain") return FORMS[planned.form];
  switch (schema.kind) {
    case "scalar":
      return SCALARS[schema.type];
    case "struct":
      return message(schema.name ?? "");
    case "list":
      return message("Texts");
    default:
      return message("Raw");
  }
}

function one(number: number, typed: Typed): Field {
  return { name: `f${number}`, number, label: OPTIONAL, ...typed };
}

function many(number: number, typed: Typed): Field {
  return { ...one(number, typed), label: REPEATED };
}

function texts(...numbers: readonly number[]): Field[] {
  return numbers.map((number) => one(number, { type: STRING }));
}
