import { fieldsOf, isFields } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";

export type ShapedCustom = {
  readonly shaped: ApiObject;
  readonly unknownFields: readonly string[];
};

const PRESERVE = "x-kubernetes-preserve-unknown-fields";
const ROOT_FIELDS = new Set(["apiVersion", "kind", "metadata"]);

/** A fresh copy of a custom object with unknown fields pruned, defaults filled in, and nulls left out where none may be. */
export function shapeCustom(object: ApiObject, schema: Fields | undefined): ShapedCustom {
  const shaped = structuredClone(object);
  if (schema === undefined) return { shaped, unknownFields: [] };
  const unknownFields: string[] = [];
  prune(shaped, schema, { path: "", unknownFields, isObject: true });
  applyDefaults(shaped, schema);
  return { shaped, unknownFields };
}

type Place = {
  readonly path: string;
  readonly unknownFields: string[];
  /** True for a whole Kubernetes object, whose apiVersion, kind and metadata are always known. */
  readonly isObject: boolean;
};

function prune(value: unknown, schema: Fields, place: Place): void {
  if (Array.isArray(value)) {
    const items = fieldsOf(schema["items"]);
    value.forEach((item, index) => {
      prune(item, items, below(place, `${place.path}[${index}]`, items));
    });
    return;
  }
  if (isFields(value)) pruneFields(value, schema, place);
}

function pruneFields(value: Fields, schema: Fields, place: Place): void {
  const properties = fieldsOf(schema["properties"]);
  const additional = schema["additionalProperties"];
  for (const [field, item] of Object.entries(value)) {
    if (place.isObject && ROOT_FIELDS.has(field)) continue;
    const path = place.path === "" ? field : `${place.path}.${field}`;
    const property = Object.hasOwn(properties, field) ? properties[field] : additional;
    if (isFields(property)) {
      prune(item, property, below(place, path, property));
    } else if (property !== true && schema[PRESERVE] !== true) {
      place.unknownFields.push(path);
      delete value[field];
    }
  }
}

function below(place: Place, path: string, schema: Fields): Place {
  const isObject = schema["x-kubernetes-embedded-resource"] === true;
  return { path, unknownFields: place.unknownFields, isObject };
}

/** Fills in defaults below what is there; a default may itself have defaults below. */
function applyDefaults(value: unknown, schema: Fields): void {
  if (Array.isArray(value)) {
    const items = fieldsOf(schema["items"]);
    for (const item of value) applyDefaults(item, items);
    return;
  }
  if (!isFields(value)) return;
  const properties = fieldsOf(schema["properties"]);
  for (const [field, property] of Object.entries(properties)) {
    applyPropertyDefault(value, field, fieldsOf(property));
  }
  const additional = schema["additionalProperties"];
  if (!isFields(additional)) return;
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(properties, field)) applyPropertyDefault(value, field, additional);
  }
}

function applyPropertyDefault(value: Fields, field: string, property: Fields): void {
  const fallback = property["default"];
  // A null where null is not allowed counts as absent.
  if (value[field] === null && property["nullable"] !== true) delete value[field];
  if (fallback !== undefined && value[field] === undefined) {
    value[field] = structuredClone(fallback);
  }
  applyDefaults(value[field], property);
}
