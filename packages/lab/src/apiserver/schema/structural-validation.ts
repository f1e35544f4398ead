import { duplicate, invalidValue, notSupported, required, typeInvalid } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { deepEqual, fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { formatProblem } from "./string-formats.ts";

/** What a structural schema finds wrong with an object, in the words of the real server. */
export function structuralCauses(object: unknown, schema: Fields): readonly Cause[] {
  return causesAt(object, schema, "");
}

function causesAt(value: unknown, schema: Fields, path: string): Cause[] {
  if (value === null) {
    const isAllowed = schema["nullable"] === true || schema["type"] === undefined;
    if (isAllowed) return enumCauses(value, schema, path);
    return [typeCause(path, "null", textOf(schema["type"]) ?? "object")];
  }
  const type = typeProblem(value, schema, path);
  if (type !== undefined) return [type];
  return [
    ...enumCauses(value, schema, path),
    ...combinedCauses(value, schema, path),
    ...(typeof value === "string" ? textCauses(value, schema, path) : []),
    ...(typeof value === "number" ? numberCauses(value, schema, path) : []),
    ...(Array.isArray(value) ? listCauses(value, schema, path) : []),
    ...(isFields(value) ? objectCauses(value, schema, path) : []),
  ];
}

function typeProblem(value: unknown, schema: Fields, path: string): Cause | undefined {
  const found = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] === true) {
    const fits = found === "integer" || found === "string";
    return fits ? undefined : typeCause(path, found, "integer,string");
  }
  const wanted = textOf(schema["type"]);
  if (wanted === undefined || wanted === found) return undefined;
  if (wanted === "number" && found === "integer") return undefined;
  return typeCause(path, found, wanted);
}

function typeCause(path: string, found: string, wanted: string): Cause {
  const where = path === "" ? "<nil>" : path;
  return typeInvalid(where, found, `${where} in body must be of type ${wanted}: "${found}"`);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function enumCauses(value: unknown, schema: Fields, path: string): Cause[] {
  const allowed = schema["enum"];
  if (!Array.isArray(allowed) || allowed.some((item) => deepEqual(item, value))) return [];
  return [
    notSupported(
      path,
      value === null ? "null" : value,
      allowed.map((item) => (typeof item === "string" ? item : JSON.stringify(item))),
    ),
  ];
}

function combinedCauses(value: unknown, schema: Fields, path: string): Cause[] {
  const causes = listOf(schema["allOf"]).flatMap((part) => causesAt(value, fieldsOf(part), path));
  const fits = (part: unknown): boolean => causesAt(value, fieldsOf(part), path).length === 0;
  const any = listOf(schema["anyOf"]);
  if (any.length > 0 && !any.some(fits)) {
    causes.push(bodyCause(path, value, "must validate at least one schema (anyOf)"));
  }
  const one = listOf(schema["oneOf"]);
  if (one.length > 0 && one.filter(fits).length !== 1) {
    causes.push(bodyCause(path, value, "must validate one and only one schema (oneOf)"));
  }
  const not = schema["not"];
  if (isFields(not) && fits(not)) {
    causes.push(bodyCause(path, value, "must not validate the schema (not)"));
  }
  return causes;
}

/** Problems worded `FIELD in body should …`. */
function bodyCause(path: string, value: unknown, what: string): Cause {
  return invalidValue(path, value, `${path} in body ${what}`);
}

function textCauses(value: string, schema: Fields, path: string): Cause[] {
  const causes: Cause[] = [];
  const length = [...value].length;
  const [minimum, maximum] = [numberOf(schema["minLength"]), numberOf(schema["maxLength"])];
  if (minimum !== undefined && length < minimum) {
    causes.push(bodyCause(path, value, `should be at least ${minimum} chars long`));
  }
  if (maximum !== undefined && length > maximum) {
    causes.push({
      reason: "FieldValueTooLong",
      message: `Too long: may not be more than ${maximum} bytes`,
      field: path,
    });
  }
  const pattern = textOf(schema["pattern"]);
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) {
    causes.push(bodyCause(path, value, `should match '${pattern}'`));
  }
  const format = textOf(schema["format"]);
  const problem = format === undefined ? undefined : formatProblem(format, value);
  if (problem !== undefined) {
    causes.push(
      bodyCause(path, value, `must be of type ${format ?? ""}: ${JSON.stringify(value)}`),
    );
  }
  return causes;
}

function numberCauses(value: number, schema: Fields, path: string): Cause[] {
  const problems = [minimumProblem(value, schema), maximumProblem(value, schema)];
  const step = numberOf(schema["multipleOf"]);
  if (step !== undefined && value % step !== 0) problems.push(`a multiple of ${step}`);
  return problems
    .filter((problem) => problem !== undefined)
    .map((problem) => bodyCause(path, value, `should be ${problem}`));
}

function minimumProblem(value: number, schema: Fields): string | undefined {
  const minimum = numberOf(schema["minimum"]);
  if (minimum === undefined) return undefined;
  if (schema["exclusiveMinimum"] === true) {
    return value > minimum ? undefined : `greater than ${minimum}`;
  }
  return value >= minimum ? undefined : `greater than or equal to ${minimum}`;
}

function maximumProblem(value: number, schema: Fields): string | undefined {
  const maximum = numberOf(schema["maximum"]);
  if (maximum === undefined) return undefined;
  if (schema["exclusiveMaximum"] === true) {
    return value < maximum ? undefined : `less than ${maximum}`;
  }
  return value <= maximum ? undefined : `less than or equal to ${maximum}`;
}

function listCauses(value: readonly unknown[], schema: Fields, path: string): Cause[] {
  const causes = countCauses(
    value.length,
    { minimum: schema["minItems"], maximum: schema["maxItems"] },
    path,
  );
  const items = fieldsOf(schema["items"]);
  value.forEach((item, index) => causes.push(...causesAt(item, items, `${path}[${index}]`)));
  return [...causes, ...duplicateCauses(value, schema, path)];
}

function countCauses(
  count: number,
  { minimum, maximum }: { readonly minimum: unknown; readonly maximum: unknown },
  path: string,
): Cause[] {
  const causes: Cause[] = [];
  if (typeof minimum === "number" && count < minimum) {
    causes.push(bodyCause(path, count, `should have at least ${minimum} items`));
  }
  if (typeof maximum === "number" && count > maximum) {
    causes.push({
      reason: "FieldValueTooMany",
      message: `Too many: ${count}: must have at most ${maximum} items`,
      field: path,
    });
  }
  return causes;
}

function duplicateCauses(value: readonly unknown[], schema: Fields, path: string): Cause[] {
  const type = schema["x-kubernetes-list-type"];
  if (type !== "map" && type !== "set") return [];
  const keys = listOf(schema["x-kubernetes-list-map-keys"]).map(String);
  const seen = new Set<string>();
  const causes: Cause[] = [];
  value.forEach((item, index) => {
    const shown = type === "set" ? item : keyed(fieldsOf(item), keys);
    const identity = JSON.stringify(shown);
    if (seen.has(identity)) causes.push(duplicate(`${path}[${index}]`, shown));
    seen.add(identity);
  });
  return causes;
}

function keyed(item: Fields, keys: readonly string[]): Fields {
  return Object.fromEntries(keys.map((key) => [key, item[key]]));
}

function objectCauses(value: Fields, schema: Fields, path: string): Cause[] {
  const properties = fieldsOf(schema["properties"]);
  const additional = schema["additionalProperties"];
  const where = (field: string): string => (path === "" ? field : `${path}.${field}`);
  const causes = listOf(schema["required"])
    .filter((field): field is string => typeof field === "string" && value[field] === undefined)
    .map((field) => required(where(field)));
  for (const [field, item] of Object.entries(value)) {
    const own = Object.hasOwn(properties, field) ? properties[field] : additional;
    if (isFields(own) && item !== undefined) causes.push(...causesAt(item, own, where(field)));
  }
  const bounds = { minimum: schema["minProperties"], maximum: schema["maxProperties"] };
  return [...causes, ...countCauses(Object.keys(value).length, bounds, path)];
}
