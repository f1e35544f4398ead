import { invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { compareQuantities } from "../schema/quantity.ts";

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** What is wrong with what a container asks for, and may use. */
export function resourceCauses(container: Fields, path: string): readonly Cause[] {
  const resources = fieldsOf(container["resources"]);
  const [limits, requests] = [fieldsOf(resources["limits"]), fieldsOf(resources["requests"])];
  return [
    ...amountCauses(limits, `${path}.resources.limits`),
    ...amountCauses(requests, `${path}.resources.requests`),
    ...Object.keys(requests).flatMap((name) => relationCauses(limits, requests, { name, path })),
  ];
}

function amountCauses(amounts: Fields, path: string): Cause[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const field = `${path}[${name}]`;
    if (!STANDARD.test(name) && !name.includes("/")) {
      return [
        invalidValue(field, name, "must be a standard resource type or fully qualified"),
        invalidValue(field, name, "must be a standard resource for containers"),
      ];
    }
    if ((compareQuantities(amount, "0") ?? 0) < 0) {
      return [invalidValue(field, amount, "must be greater than or equal to 0")];
    }
    const isWhole = STANDARD.test(name) || !/[num]$/.test(String(amount));
    return isWhole ? [] : [invalidValue(field, amount, "must be an integer")];
  });
}

function relationCauses(
  limits: Fields,
  requests: Fields,
  { name, path }: { readonly name: string; readonly path: string },
): Cause[] {
  const [limit, request] = [limits[name], requests[name]];
  if (limit === undefined) {
    if (STANDARD.test(name)) return [];
    const detail = "Limit must be set for non overcommitable resources";
    return [required(`${path}.resources.limits`, detail)];
  }
  if ((compareQuantities(request, limit) ?? 0) <= 0) return [];
  const detail = `must be less than or equal to ${name} limit of ${String(limit)}`;
  return [invalidValue(`${path}.resources.requests`, request, detail)];
}
