import { fieldsOf, listOf } from "../json.ts";
import type { Fields } from "../json.ts";
import type { AccessAttributes } from "./access-attributes.ts";

/** One rule of a role. */
export type PolicyRule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  /** The rule's nonResourceURLs. */
  readonly paths: readonly string[];
};

export function policyRuleFrom(value: unknown): PolicyRule {
  const fields = fieldsOf(value);
  const strings = (field: string): string[] => listOf(fields[field]).map(String);
  return {
    verbs: strings("verbs"),
    apiGroups: strings("apiGroups"),
    resources: strings("resources"),
    resourceNames: strings("resourceNames"),
    paths: strings("nonResourceURLs"),
  };
}

export function toRuleFields(rule: PolicyRule): Fields {
  if (rule.paths.length > 0) return { verbs: rule.verbs, nonResourceURLs: rule.paths };
  return {
    verbs: rule.verbs,
    apiGroups: rule.apiGroups,
    resources: rule.resources,
    ...(rule.resourceNames.length === 0 ? {} : { resourceNames: rule.resourceNames }),
  };
}

export function ruleAllows(rule: PolicyRule, asked: AccessAttributes): boolean {
  if (!includes(rule.verbs, asked.verb)) return false;
  if (asked.path !== undefined)
    return rule.paths.some((path) => pathMatches(path, asked.path ?? ""));
  return (
    includes(rule.apiGroups, asked.group) &&
    resourceMatches(rule, asked) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(asked.name ?? ""))
  );
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function resourceMatches(rule: PolicyRule, asked: AccessAttributes): boolean {
  const { resource, subresource } = asked;
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return rule.resources.some(
    (known) =>
      known === "*" ||
      known === whole ||
      (subresource !== undefined && known === `*/${subresource}`),
  );
}

function pathMatches(pattern: string, path: string): boolean {
  if (pattern === "*" || pattern === path) return true;
  return pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1));
}

/** Whether everything `wanted` allows is also allowed by some rule of `held`. */
export function coveredBy(wanted: PolicyRule, held: readonly PolicyRule[]): boolean {
  return singleRules(wanted).every((single) => held.some((rule) => ruleAllows(rule, single)));
}

/** The single permissions a rule grants; a star stays a star. */
function singleRules(rule: PolicyRule): AccessAttributes[] {
  if (rule.paths.length > 0) {
    return rule.verbs.flatMap((verb) =>
      rule.paths.map((path) => ({ verb, path, group: "", resource: "" })),
    );
  }
  const names = rule.resourceNames.length === 0 ? [undefined] : rule.resourceNames;
  return rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((resource) =>
        names.map((name) => single(verb, group, { resource, name })),
      ),
    ),
  );
}

function single(
  verb: string,
  group: string,
  target: { readonly resource: string; readonly name: string | undefined },
): AccessAttributes {
  const [resource = "", subresource] = target.resource.split("/");
  return {
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(target.name === undefined ? {} : { name: target.name }),
  };
}
