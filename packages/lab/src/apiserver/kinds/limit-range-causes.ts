import { duplicate, forbiddenField, invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, listOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { compareQuantities } from "../schema/quantity.ts";

const TYPES = new Set(["Container", "Pod", "PersistentVolumeClaim"]);

/** Pairs of bounds of which the first must not be more than the second, and what Kubernetes calls them. */
const ORDERED = [
  ["min", "max", "min", "min value", "max value"],
  ["min", "defaultRequest", "defaultRequest", "min value", "default request value"],
  ["defaultRequest", "max", "defaultRequest", "default request value", "max value"],
  ["defaultRequest", "default", "defaultRequest", "default request value", "default limit value"],
  ["min", "default", "default", "min value", "default value"],
  ["default", "max", "default", "default value", "max value"],
] as const;

/** What is wrong with a limit range. */
export function limitRangeCauses(object: ApiObject): readonly Cause[] {
  const seen = new Set<unknown>();
  return listOf(fieldsOf(object["spec"])["limits"]).flatMap((item, index) => {
    const limit = fieldsOf(item);
    const path = `spec.limits[${index}]`;
    const { type } = limit;
    if (seen.has(type)) return [duplicate(`${path}.type`, type)];
    seen.add(type);
    return [...typeCauses(limit, path), ...boundCauses(limit, path)];
  });
}

function typeCauses(limit: Fields, path: string): Cause[] {
  const type = String(limit["type"] ?? "");
  if (!TYPES.has(type) && !type.includes("/")) {
    const detail = "must be a standard limit type or fully qualified";
    return [invalidValue(`${path}.type`, type, detail)];
  }
  if (type === "Pod") {
    return ["default", "defaultRequest"]
      .filter((field) => limit[field] !== undefined)
      .map((field) =>
        forbiddenField(`${path}.${field}`, "may not be specified when `type` is 'Pod'"),
      );
  }
  const { min, max } = limit;
  const isBounded = [min, max].some((bound) => fieldsOf(bound)["storage"] !== undefined);
  if (type !== "PersistentVolumeClaim" || isBounded) return [];
  const detail = "either minimum or maximum storage value is required, but neither was provided";
  return [required(`${path}.limits`, detail)];
}

function boundCauses(limit: Fields, path: string): Cause[] {
  const causes: Cause[] = [];
  for (const [low, high, field, lowName, highName] of ORDERED) {
    const above = fieldsOf(limit[high]);
    for (const [name, value] of Object.entries(fieldsOf(limit[low]))) {
      if ((compareQuantities(value, above[name]) ?? 0) <= 0) continue;
      const detail = `${lowName} ${String(value)} is greater than ${highName} ${String(above[name])}`;
      causes.push(invalidValue(`${path}.${field}[${name}]`, value, detail));
    }
  }
  for (const [name, value] of Object.entries(fieldsOf(limit["maxLimitRequestRatio"]))) {
    if ((compareQuantities(value, "1") ?? 0) >= 0) continue;
    const detail = `ratio ${String(value)} is less than 1`;
    causes.push(invalidValue(`${path}.maxLimitRequestRatio[${name}]`, value, detail));
  }
  return causes;
}
