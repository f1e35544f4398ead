import type { Fields } from "../json.ts";
import type { PolicyRule } from "./policy-rule.ts";
import type { AccessAttributes } from "./access-attributes.ts";
import type { UserInfo } from "./user-info.ts";

export type Decision = { readonly allowed: boolean; readonly reason: string };

export type Access = {
  decide(user: UserInfo, attributes: AccessAttributes): Decision;
  /** Every rule that applies to someone in a namespace. */
  rulesFor(user: UserInfo, namespace: string): readonly PolicyRule[];
  /** The rules of a role a binding refers to; undefined when there is no such role. */
  roleRules(roleRef: Fields, namespace: string | undefined): readonly PolicyRule[] | undefined;
};

/** The sentence of a 403, as the Kubernetes authorizer words it. */
export function describeDenial(user: UserInfo, attributes: AccessAttributes): string {
  const { verb, group, resource, subresource, namespace, path } = attributes;
  if (path !== undefined) return `User "${user.username}" cannot ${verb} path "${path}"`;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where =
    namespace === undefined || namespace === ""
      ? "at the cluster scope"
      : `in the namespace "${namespace}"`;
  return `User "${user.username}" cannot ${verb} resource "${what}" in API group "${group}" ${where}`;
}
