import type { ResourceInfo } from "../resources/resource-info.ts";
import { parseApiVersion } from "../resources/resource-info.ts";
import { builtinSchema } from "./builtin-schema.ts";
import { customSchema } from "./custom-schema.ts";
import { ANY } from "./field-schema.ts";
import type { FieldSchema } from "./field-schema.ts";
import { modelOf } from "./model-names.ts";

const custom = new WeakMap<ResourceInfo, FieldSchema>();

/** The schema of a resource's objects as they are stored. */
export function schemaOfResource(resource: ResourceInfo): FieldSchema {
  if (resource.custom === undefined) {
    const stored = { ...parseApiVersion(resource.storageVersion), kind: resource.kind };
    return builtinSchema(modelOf(stored)) ?? ANY;
  }
  const known = custom.get(resource);
  if (known !== undefined) return known;
  const made = customSchema(resource.custom.schema);
  custom.set(resource, made);
  return made;
}

export function schemaOfScale(): FieldSchema {
  return builtinSchema("V1Scale") ?? ANY;
}
