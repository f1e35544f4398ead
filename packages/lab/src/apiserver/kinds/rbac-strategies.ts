import { coveredBy, policyRuleFrom } from "../auth/policy-rule.ts";
import type { PolicyRule } from "../auth/policy-rule.ts";
import { invalidValue, notSupported, required } from "../field-causes.ts";
import { forbidden } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";
import { deepEqual, fieldsOf, isFields, listOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { WriteScope } from "../writes/write-scope.ts";
import { setDefaults } from "./pod-defaults.ts";
import type { Strategy } from "./strategy.ts";

const SUBJECTS = ["ServiceAccount", "User", "Group"];
const GROUP = "rbac.authorization.k8s.io";

export const roleStrategy: Strategy = {
  defaults(object) {
    object["rules"] ??= object["aggregationRule"] === undefined ? null : [];
  },
  validate(object, stored, scope) {
    if (!deepEqual(object["rules"], stored?.["rules"])) {
      refuseEscalation(scope, object.metadata.name, listOf(object["rules"]).map(policyRuleFrom));
    }
    return listOf(object["rules"]).flatMap((rule, index) => ruleCauses(object, rule, index));
  },
};

export const bindingStrategy: Strategy = {
  defaults(object) {
    const role = object["roleRef"];
    if (isFields(role)) setDefaults(role, { apiGroup: GROUP });
    for (const subject of listOf(object["subjects"])) {
      if (!isFields(subject)) continue;
      if (subject["kind"] !== "ServiceAccount") setDefaults(subject, { apiGroup: GROUP });
    }
  },
  validate(object, stored, scope) {
    const role = fieldsOf(object["roleRef"]);
    if (stored !== undefined && !deepEqual(role, stored["roleRef"])) {
      return [invalidValue("roleRef", role, "cannot change roleRef")];
    }
    const causes = bindingCauses(object, role);
    if (causes.length === 0) refuseBinding(scope, object, role);
    return causes;
  },
};

function ruleCauses(role: ApiObject, value: unknown, index: number): Cause[] {
  const rule = policyRuleFrom(value);
  const path = `rules[${index}]`;
  if (rule.verbs.length === 0)
    return [required(`${path}.verbs`, "verbs must contain at least one value")];
  if (rule.paths.length > 0) {
    if (role.kind !== "Role") return [];
    const shown = `[]string{${rule.paths.map((one) => JSON.stringify(one)).join(", ")}}`;
    const message = `Invalid value: ${shown}: namespaced rules cannot apply to non-resource URLs`;
    return [{ reason: "FieldValueInvalid", message, field: `${path}.nonResourceURLs` }];
  }
  const causes: Cause[] = [];
  if (rule.apiGroups.length === 0) {
    causes.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  }
  if (rule.resources.length === 0) {
    causes.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  }
  return causes;
}

function bindingCauses(object: ApiObject, role: Fields): Cause[] {
  const kinds = object.kind === "ClusterRoleBinding" ? ["ClusterRole"] : ["ClusterRole", "Role"];
  const causes: Cause[] = [];
  if (!kinds.includes(String(role["kind"]))) {
    causes.push(notSupported("roleRef.kind", role["kind"], kinds));
  }
  if ((role["name"] ?? "") === "") causes.push(required("roleRef.name"));
  listOf(object["subjects"]).forEach((value, index) => {
    const subject = fieldsOf(value);
    const path = `subjects[${index}]`;
    if ((subject["name"] ?? "") === "") causes.push(required(`${path}.name`));
    if (!SUBJECTS.includes(String(subject["kind"]))) {
      causes.push(notSupported(`${path}.kind`, subject["kind"], SUBJECTS));
    }
    const isElsewhere = subject["kind"] === "ServiceAccount" && object.kind !== "RoleBinding";
    if (isElsewhere && (subject["namespace"] ?? "") === "") {
      causes.push(required(`${path}.namespace`));
    }
  });
  return causes;
}

/** Nobody grants more than they have. */
function refuseEscalation(scope: WriteScope, name: string, wanted: readonly PolicyRule[]): void {
  const { user, server, resource } = scope;
  const verb = { verb: "escalate", group: GROUP, resource: resource.plural, name };
  if (server.access.decide(user, verb).allowed) return;
  const held = server.access.rulesFor(user, scope.namespace ?? "");
  const missing = wanted.filter((rule) => !coveredBy(rule, held));
  if (missing.length === 0) return;
  const why = `user ${JSON.stringify(user.username)} (groups=${JSON.stringify(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${missing.map(describeRule).join("\n")}`;
  throw forbidden(resource, name, why);
}

function describeRule(rule: PolicyRule): string {
  const parts = Object.entries({
    APIGroups: rule.apiGroups,
    Resources: rule.resources,
    ResourceNames: rule.resourceNames,
    NonResourceURLs: rule.paths,
    Verbs: rule.verbs,
  }).filter(([, values]) => values.length > 0);
  return `{${parts.map(([name, values]) => `${name}:${JSON.stringify(values)}`).join(", ")}}`;
}

function refuseBinding(scope: WriteScope, object: ApiObject, role: Fields): void {
  const { user, server, resource } = scope;
  const plural = role["kind"] === "Role" ? "roles" : "clusterroles";
  const asked = { verb: "bind", group: GROUP, resource: plural, name: String(role["name"]) };
  const where = scope.namespace === undefined ? {} : { namespace: scope.namespace };
  if (server.access.decide(user, { ...asked, ...where }).allowed) return;
  const rules = server.access.roleRules(role, scope.namespace);
  if (rules === undefined) {
    const subject = { group: GROUP, plural, kind: String(role["kind"]) };
    throw forbidden(
      resource,
      object.metadata.name,
      `${plural}.${subject.group} "${String(role["name"])}" not found`,
    );
  }
  refuseEscalation(scope, object.metadata.name, rules);
}
