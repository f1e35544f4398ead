import { at, fieldsOf, listOf, textOf } from "../apiserver/json.ts";
import type { Fields } from "../apiserver/json.ts";
import { qosClassOf } from "../apiserver/kinds/pod-defaults.ts";

type Scope = {
  readonly name: string;
  readonly operator: string;
  readonly values: readonly string[];
};

/** Whether a quota is about this object. Scopes are about pods, so a quota that has any is about nothing else. */
export function isInScope(quota: Fields, resource: string, object: Fields): boolean {
  const scopes = scopesOf(quota);
  if (resource !== "pods") return scopes.length === 0;
  return scopes.every((scope) => matches(scope, fieldsOf(object["spec"])));
}

function scopesOf(quota: Fields): readonly Scope[] {
  const plain = listOf(at(quota, "spec", "scopes")).map((name) => ({
    name: String(name),
    operator: "Exists",
    values: [],
  }));
  const selected = listOf(at(quota, "spec", "scopeSelector", "matchExpressions")).map((one) => ({
    name: String(at(one, "scopeName")),
    operator: String(at(one, "operator")),
    values: listOf(at(one, "values")).map(String),
  }));
  return [...plain, ...selected];
}

function matches({ name, operator, values }: Scope, spec: Fields): boolean {
  switch (name) {
    case "Terminating":
      return spec["activeDeadlineSeconds"] !== undefined;
    case "NotTerminating":
      return spec["activeDeadlineSeconds"] === undefined;
    case "BestEffort":
      return qosClassOf(spec) === "BestEffort";
    case "NotBestEffort":
      return qosClassOf(spec) !== "BestEffort";
    case "PriorityClass":
      return matchesClass(textOf(spec["priorityClassName"]) ?? "", operator, values);
    default:
      return false;
  }
}

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case "In":
      return values.includes(name);
    case "NotIn":
      return !values.includes(name);
    case "DoesNotExist":
      return name === "";
    default:
      return name !== "";
  }
}
