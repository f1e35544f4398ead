import type { IncomingHttpHeaders } from "node:http";
import { badRequest, forbidden } from "../http/status-error.ts";
import { describeDenial } from "./access.ts";
import type { Access } from "./access.ts";
import type { AccessAttributes } from "./access-attributes.ts";
import { AUTHENTICATED_GROUP } from "./user-info.ts";
import type { UserInfo } from "./user-info.ts";

const EXTRA = "impersonate-extra-";
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Who the request is to be treated as: its user, or the one its Impersonate headers name, if that is allowed. */
export function impersonatedUser(
  user: UserInfo,
  headers: IncomingHttpHeaders,
  access: Access,
): UserInfo {
  const username = oneOf(headers["impersonate-user"]);
  const groups = valuesOf(headers["impersonate-group"]);
  const uid = oneOf(headers["impersonate-uid"]);
  const extra = extraOf(headers);
  if (username === undefined) {
    if (groups.length === 0 && uid === undefined && Object.keys(extra).length === 0) return user;
    throw badRequest("requested impersonation without a user name: Impersonate-User is missing");
  }
  const account = ACCOUNT.exec(username);
  const asked = [
    targetOf(username, account),
    ...groups.map((group) => target("", "groups", group)),
    ...(uid === undefined ? [] : [target(AUTHENTICATION, "uids", uid)]),
    ...extraTargets(extra),
  ];
  for (const one of asked) checkAllowed(user, access, one);
  return {
    username,
    groups: impersonatedGroups(username, groups, account?.[1]),
    ...(uid === undefined ? {} : { uid }),
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}

const AUTHENTICATION = "authentication.k8s.io";

function extraTargets(extra: Readonly<Record<string, readonly string[]>>): AccessAttributes[] {
  return Object.entries(extra).flatMap(([subresource, values]) =>
    values.map((value) => ({ ...target(AUTHENTICATION, "userextras", value), subresource })),
  );
}

function targetOf(username: string, account: RegExpExecArray | null): AccessAttributes {
  if (account === null) return target("", "users", username);
  return { ...target("", "serviceaccounts", account[2] ?? ""), namespace: account[1] ?? "" };
}

function target(group: string, resource: string, name: string): AccessAttributes {
  return { verb: "impersonate", group, resource, name };
}

function impersonatedGroups(
  username: string,
  groups: readonly string[],
  namespace: string | undefined,
): readonly string[] {
  const own =
    namespace === undefined
      ? []
      : ["system:serviceaccounts", `system:serviceaccounts:${namespace}`];
  const all = [...groups, ...(groups.length === 0 ? own : [])];
  if (username === "system:anonymous") return [...all, "system:unauthenticated"];
  return all.includes(AUTHENTICATED_GROUP) ? all : [...all, AUTHENTICATED_GROUP];
}

function checkAllowed(user: UserInfo, access: Access, asked: AccessAttributes): void {
  if (access.decide(user, asked).allowed) return;
  const subject = { group: asked.group, plural: asked.resource, kind: "" };
  throw forbidden(subject, asked.name ?? "", describeDenial(user, asked));
}

function extraOf(headers: IncomingHttpHeaders): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(EXTRA)) {
      extra[decodeURIComponent(name.slice(EXTRA.length))] = valuesOf(value);
    }
  }
  return extra;
}

function oneOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Node joins repeated headers with commas. */
function valuesOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : value.split(",")).map((item) => item.trim());
}
