import { UndecodableError } from "../http/status-error.ts";
import type { ApiObject } from "../json.ts";
import { hasStatus } from "../resources/resource-info.ts";
import { schemaOfResource } from "../schema/schema-of-resource.ts";
import { shapeBuiltin } from "../schema/shape-builtin.ts";
import { shapeCustom } from "../schema/shape-custom.ts";
import type { WriteScope } from "./write-scope.ts";

/** Status is not for the main resource to set where it has a subresource of its own. */
export function dropStatus(scope: WriteScope, object: ApiObject): void {
  if (hasStatus(scope.resource)) delete object["status"];
}

/** A fresh copy of an incoming object in the shape its schema asks for. */
export function shapedObject(scope: WriteScope, object: ApiObject): ApiObject {
  const { resource } = scope;
  const schema = schemaOfResource(resource);
  if (resource.custom !== undefined) {
    const { shaped, unknownFields } = shapeCustom(object, resource.custom.schema);
    reportUnknown(scope, object, unknownFields);
    return shaped;
  }
  if (schema.kind !== "struct") return structuredClone(object);
  const shaped = shapeBuiltin(object, schema, resource.version);
  reportUnknown(scope, object, shaped.unknownFields);
  return shaped.object;
}

/** Tells the client of fields nobody knows, as strictly as it asked for. */
function reportUnknown(
  scope: WriteScope,
  object: ApiObject,
  unknownFields: readonly string[],
): void {
  if (unknownFields.length === 0 || scope.fieldValidation === "Ignore") return;
  const texts = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`);
  if (scope.fieldValidation === "Warn") {
    scope.warnings.push(...texts);
    return;
  }
  throw new UndecodableError(scope.resource, `strict decoding error: ${texts.join(", ")}`);
}
