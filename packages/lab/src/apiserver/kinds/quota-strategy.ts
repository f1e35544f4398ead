import { invalidValue } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { at, deepEqual, fieldsOf, listOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { compareQuantities } from "../schema/quantity.ts";
import type { Strategy } from "./strategy.ts";

const WHOLE = new Set([
  "configmaps",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "services",
  "services.loadbalancers",
  "services.nodeports",
]);
const MEASURED = new Set([
  "cpu",
  "ephemeral-storage",
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
  "requests.storage",
]);
const SCOPES = new Set([
  "BestEffort",
  "CrossNamespacePodAffinity",
  "NotBestEffort",
  "NotTerminating",
  "PriorityClass",
  "Terminating",
]);

export const quotaStrategy: Strategy = {
  validate: (object, stored) => [
    ...hardCauses(object),
    ...scopeCauses(object),
    ...frozenScopes(object, stored),
  ],
};

function hardCauses(object: ApiObject): Cause[] {
  return Object.entries(fieldsOf(at(object, "spec", "hard"))).flatMap(([name, amount]) => {
    const field = `spec.hard[${name}]`;
    if (!name.includes("/") && !WHOLE.has(name) && !MEASURED.has(name)) {
      return [
        invalidValue(field, name, "must be a standard resource type or fully qualified"),
        invalidValue(field, name, "must be a standard resource for quota"),
      ];
    }
    if ((compareQuantities(amount, "0") ?? 0) < 0) {
      return [invalidValue(field, amount, "must be greater than or equal to 0")];
    }
    const isBroken = /[mun]$/.test(String(amount)) && WHOLE.has(name);
    return isBroken ? [invalidValue(field, amount, "must be an integer")] : [];
  });
}

function scopeCauses(object: ApiObject): Cause[] {
  const scopes = listOf(at(object, "spec", "scopes")).map(String);
  const cause = (detail: string): Cause => invalidValue("spec.scopes", scopes, detail);
  const causes: Cause[] = [];
  const limited = Object.keys(fieldsOf(at(object, "spec", "hard")));
  // Pods of the best effort say nothing of what they need, so there is nothing else to count.
  if (scopes.includes("BestEffort") && limited.some((name) => name !== "pods")) {
    causes.push(cause("unsupported scope applied to resource"));
  }
  if (scopes.some((scope) => !SCOPES.has(scope))) causes.push(cause("unsupported scope"));
  for (const [one, other] of [
    ["BestEffort", "NotBestEffort"],
    ["Terminating", "NotTerminating"],
  ] as const) {
    if (scopes.includes(one) && scopes.includes(other)) causes.push(cause("conflicting scopes"));
  }
  return causes;
}

function frozenScopes(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  if (stored === undefined) return [];
  const scopes = at(object, "spec", "scopes");
  if (deepEqual(scopes, at(stored, "spec", "scopes"))) return [];
  return [invalidValue("spec.scopes", scopes, "field is immutable")];
}
