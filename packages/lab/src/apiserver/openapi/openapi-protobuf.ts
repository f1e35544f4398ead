import { stringify } from "yaml";
import { fieldsOf, isFields, listOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";

/** An OpenAPI v2 document in the protobuf form kubectl asks for (gnostic's openapi.v2.Document). */
export function encodeOpenApiV2(document: Fields): Buffer {
  const info = fieldsOf(document["info"]);
  return new ProtobufWriter()
    .text(1, document["swagger"])
    .message(2, new ProtobufWriter().text(1, info["title"]).text(2, info["version"]))
    .message(8, pathsMessage(fieldsOf(document["paths"])))
    .message(9, namedMessages(fieldsOf(document["definitions"]), 1, schemaMessage))
    .finish();
}

function namedMessages(
  entries: Fields,
  field: number,
  encode: (value: Fields) => ProtobufWriter,
): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const [name, value] of Object.entries(entries)) {
    const named = new ProtobufWriter().text(1, name).message(2, encode(fieldsOf(value)));
    writer.message(field, named);
  }
  return writer;
}

function pathsMessage(paths: Fields): ProtobufWriter {
  return namedMessages(paths, 2, pathMessage);
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

function pathMessage(path: Fields): ProtobufWriter {
  const writer = new ProtobufWriter();
  METHODS.forEach((method, index) => {
    const operation = path[method];
    if (isFields(operation)) writer.message(index + 2, operationMessage(operation));
  });
  return writer;
}

function operationMessage(operation: Fields): ProtobufWriter {
  const writer = new ProtobufWriter().text(5, operation["operationId"]);
  for (const parameter of listOf(operation["parameters"])) {
    writer.message(8, parameterItem(fieldsOf(parameter)));
  }
  return extensions(writer, operation, 13);
}

/** ParametersItem → Parameter → NonBodyParameter → QueryParameterSubSchema. */
function parameterItem(parameter: Fields): ProtobufWriter {
  const query = new ProtobufWriter()
    .text(2, parameter["in"])
    .text(4, parameter["name"])
    .text(6, parameter["type"])
    .bool(20, parameter["uniqueItems"]);
  const nonBody = new ProtobufWriter().message(3, query);
  return new ProtobufWriter().message(1, new ProtobufWriter().message(2, nonBody));
}

function schemaMessage(schema: Fields): ProtobufWriter {
  const writer = new ProtobufWriter()
    .text(1, schema["$ref"])
    .text(2, schema["format"])
    .text(3, schema["title"])
    .text(4, schema["description"])
    .double(7, schema["maximum"])
    .bool(8, schema["exclusiveMaximum"])
    .double(9, schema["minimum"])
    .bool(10, schema["exclusiveMinimum"])
    .integer(11, schema["maxLength"])
    .integer(12, schema["minLength"])
    .text(13, schema["pattern"])
    .integer(14, schema["maxItems"])
    .integer(15, schema["minItems"])
    .texts(19, schema["required"]);
  for (const value of listOf(schema["enum"])) writer.message(20, anyMessage(value));
  writer.message(21, additionalMessage(schema["additionalProperties"]));
  if (schema["type"] !== undefined)
    writer.message(22, new ProtobufWriter().text(1, schema["type"]));
  if (isFields(schema["items"])) {
    writer.message(23, new ProtobufWriter().message(1, schemaMessage(schema["items"])));
  }
  if (isFields(schema["properties"])) {
    writer.message(25, namedMessages(schema["properties"], 1, schemaMessage));
  }
  return extensions(writer, schema, 31);
}

function additionalMessage(additional: unknown): ProtobufWriter | undefined {
  if (isFields(additional)) return new ProtobufWriter().message(1, schemaMessage(additional));
  return additional === true ? new ProtobufWriter().bool(2, true) : undefined;
}

function extensions(writer: ProtobufWriter, owner: Fields, field: number): ProtobufWriter {
  for (const [name, value] of Object.entries(owner)) {
    if (!name.startsWith("x-")) continue;
    writer.message(field, new ProtobufWriter().text(1, name).message(2, anyMessage(value)));
  }
  return writer;
}

function anyMessage(value: unknown): ProtobufWriter {
  return new ProtobufWriter().text(2, stringify(value));
}
