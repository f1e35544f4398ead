import assert from "node:assert/strict";
import type { Answer, Json } from "./api-client.ts";
import { eventually, expectStatus } from "./conformance-case.ts";
import type { CaseContext } from "./conformance-case.ts";

export const RBAC = "rbac.authorization.k8s.io/v1";
export const AUTHORIZATION = "/apis/authorization.k8s.io/v1";

/** Asks as the user without any rights. */
export const asOutsider = ({ server }: CaseContext): { token: string } => ({
  token: server.outsider.token,
});

/** Grants the outsider these rules in the namespace of the case. */
export function grant(context: CaseContext, rules: readonly Json[]): Promise<Answer> {
  const { api, path } = context;
  return api
    .post(path(RBAC, "roles"), { metadata: { name: "r" }, rules })
    .then(() => bind(context, { kind: "Role", name: "r" }));
}

/** Binds the outsider, and waits until the authoriser, which watches, has seen it. */
export async function bind(context: CaseContext, roleRef: Json): Promise<Answer> {
  const { api, path, server } = context;
  const subjects = [
    { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: server.outsider.username },
  ];
  const reference = { apiGroup: "rbac.authorization.k8s.io", ...roleRef };
  const before = await rulesOf(context);
  const answer = await api.post(path(RBAC, "rolebindings"), {
    metadata: { name: "b" },
    subjects,
    roleRef: reference,
  });
  await eventually(async () => assert.notEqual(await rulesOf(context), before));
  return answer;
}

async function rulesOf(context: CaseContext): Promise<string> {
  const spec = { namespace: context.namespace };
  const path = `${AUTHORIZATION}/selfsubjectrulesreviews`;
  const answer = await context.api.post(path, { spec }, asOutsider(context));
  return JSON.stringify(expectStatus(answer, 201).body.at("status", "resourceRules"));
}

/** Whether the outsider may, by a review they ask for themselves. */
export async function isAllowed(context: CaseContext, resourceAttributes: Json): Promise<boolean> {
  const review = {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    spec: { resourceAttributes },
  };
  const answer = await context.api.post(
    `${AUTHORIZATION}/selfsubjectaccessreviews`,
    review,
    asOutsider(context),
  );
  return expectStatus(answer, 201).body.at("status", "allowed") === true;
}
