import { fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Access, Decision } from "./access.ts";
import type { AccessAttributes } from "./access-attributes.ts";
import { ruleAllows } from "./policy-rule.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { policyRuleFrom } from "./policy-rule.ts";
import { usernameOf } from "./service-account-tokens.ts";
import { MASTERS_GROUP } from "./user-info.ts";
import type { UserInfo } from "./user-info.ts";

const GROUP = "rbac.authorization.k8s.io";
const STORAGES = ["roles", "rolebindings", "clusterroles", "clusterrolebindings"].map(
  (plural) => `${plural}.${GROUP}`,
);

type Binding = {
  readonly name: string;
  /** Undefined for cluster-wide bindings. */
  readonly namespace: string | undefined;
  readonly subjects: readonly Fields[];
  readonly roleRef: Fields;
};

/** Who may do what, by the stored roles and bindings. Members of system:masters may do everything. */
export class Rbac implements Access {
  #store: ObjectStore;
  #bindings: readonly Binding[] | undefined;
  #rules = new Map<string, readonly PolicyRule[]>();

  constructor(store: ObjectStore) {
    this.#store = store;
    for (const storage of STORAGES) {
      store.listen(storage, () => {
        this.#bindings = undefined;
        this.#rules.clear();
      });
    }
  }

  decide(user: UserInfo, attributes: AccessAttributes): Decision {
    if (user.groups.includes(MASTERS_GROUP)) return { allowed: true, reason: "" };
    for (const binding of this.#bindingsFor(attributes.namespace)) {
      if (!isSubject(user, binding)) continue;
      if (!this.#rulesOf(binding).some((rule) => ruleAllows(rule, attributes))) continue;
      return { allowed: true, reason: reasonOf(user, binding) };
    }
    return { allowed: false, reason: "" };
  }

  /** Every rule that applies to someone in a namespace. */
  rulesFor(user: UserInfo, namespace: string): readonly PolicyRule[] {
    const everything: PolicyRule[] = [
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"], resourceNames: [], paths: [] },
      { verbs: ["*"], apiGroups: [], resources: [], resourceNames: [], paths: ["*"] },
    ];
    const masters = user.groups.includes(MASTERS_GROUP) ? everything : [];
    const bound = this.#bindingsFor(namespace).filter((binding) => isSubject(user, binding));
    return [...masters, ...bound.flatMap((binding) => this.#rulesOf(binding))];
  }

  /** The rules of a role a binding may refer to; undefined when there is no such role. */
  roleRules(roleRef: Fields, namespace: string | undefined): readonly PolicyRule[] | undefined {
    const name = textOf(roleRef["name"]) ?? "";
    const entry =
      roleRef["kind"] === "ClusterRole"
        ? this.#store.find(`clusterroles.${GROUP}`, undefined, name)
        : this.#store.find(`roles.${GROUP}`, namespace, name);
    if (entry === undefined) return undefined;
    return listOf(entry.object["rules"]).map(policyRuleFrom);
  }

  #bindingsFor(namespace: string | undefined): readonly Binding[] {
    this.#bindings ??= this.#readBindings();
    return this.#bindings.filter(
      (binding) => binding.namespace === undefined || binding.namespace === namespace,
    );
  }

  #readBindings(): readonly Binding[] {
    return [`clusterrolebindings.${GROUP}`, `rolebindings.${GROUP}`].flatMap((storage) =>
      this.#store.list(storage).map((entry) => bindingFrom(entry.object)),
    );
  }

  #rulesOf(binding: Binding): readonly PolicyRule[] {
    const { kind, name } = binding.roleRef;
    const key = `${String(kind)}/${binding.namespace ?? ""}/${String(name)}`;
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    const made = this.roleRules(binding.roleRef, binding.namespace) ?? [];
    this.#rules.set(key, made);
    return made;
  }
}

function bindingFrom(object: ApiObject): Binding {
  return {
    name: object.metadata.name,
    namespace: object.metadata.namespace,
    subjects: listOf(object["subjects"]).filter(isFields),
    roleRef: fieldsOf(object["roleRef"]),
  };
}

function isSubject(user: UserInfo, binding: Binding): boolean {
  return binding.subjects.some((subject) => {
    const name = textOf(subject["name"]) ?? "";
    switch (subject["kind"]) {
      case "User":
        return name === user.username;
      case "Group":
        return user.groups.includes(name);
      case "ServiceAccount": {
        const namespace = textOf(subject["namespace"]) ?? binding.namespace ?? "";
        return usernameOf(namespace, name) === user.username;
      }
      default:
        return false;
    }
  });
}

function reasonOf(user: UserInfo, binding: Binding): string {
  const { kind, name } = binding.roleRef;
  const where =
    binding.namespace === undefined
      ? `ClusterRoleBinding "${binding.name}"`
      : `RoleBinding "${binding.name}/${binding.namespace}"`;
  return `RBAC: allowed by ${where} of ${String(kind)} "${String(name)}" to ${subjectText(user, binding)}`;
}

function subjectText(user: UserInfo, binding: Binding): string {
  const subject = binding.subjects.find((one) => isSubject(user, { ...binding, subjects: [one] }));
  const name = textOf(subject?.["name"]) ?? "";
  if (subject?.["kind"] !== "ServiceAccount") return `${String(subject?.["kind"])} "${name}"`;
  return `ServiceAccount "${name}/${textOf(subject["namespace"]) ?? ""}"`;
}
