import assert from "node:assert/strict";
import type { Answer, Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap } from "../manifests.ts";

const RBAC = "rbac.authorization.k8s.io/v1";
const AUTHORIZATION = "/apis/authorization.k8s.io/v1";
const AUTHENTICATION = "/apis/authentication.k8s.io/v1";

const asOutsider = ({ server }: CaseContext): { token: string } => ({
  token: server.outsider.token,
});

function grant(context: CaseContext, rules: readonly Json[]): Promise<Answer> {
  const { api, path } = context;
  return api
    .post(path(RBAC, "roles"), { metadata: { name: "r" }, rules })
    .then(() => bind(context, { kind: "Role", name: "r" }));
}

/** Binds the outsider, and waits until the authoriser, which watches, has seen it. */
async function bind(context: CaseContext, roleRef: Json): Promise<Answer> {
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

async function isAllowed(context: CaseContext, resourceAttributes: Json): Promise<boolean> {
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

/** Who may do what, and who one is. */
export const accessCases: readonly ConformanceCase[] = [
  {
    name: "answers 401 to a token it does not know",
    async run({ api }) {
      const answer = await api.get("/api/v1/namespaces", { token: "nobody" });
      expectRefusal(answer, { code: 401, reason: "Unauthorized", message: "Unauthorized" });
    },
  },
  {
    name: "lets nobody read without a token, but tells its version and health",
    async run({ api }) {
      const answer = await api.get("/api/v1/namespaces", { token: null });
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: /User "system:anonymous" cannot list resource "namespaces"/,
      });
      expectStatus(await api.get("/version", { token: null }), 200);
      expectStatus(await api.get("/healthz", { token: null }), 200);
    },
  },
  {
    name: "says who may not do what, where",
    async run(context) {
      const { api, path, namespace, server } = context;
      const answer = await api.get(path("apps/v1", "deployments/d"), asOutsider(context));
      const message = `deployments.apps "d" is forbidden: User "${server.outsider.username}" cannot get resource "deployments" in API group "apps" in the namespace "${namespace}"`;
      expectRefusal(answer, { code: 403, reason: "Forbidden", message });
    },
  },
  {
    name: "says that a cluster-wide read is not allowed",
    async run(context) {
      const answer = await context.api.get("/api/v1/nodes", asOutsider(context));
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message:
          /^nodes is forbidden: User ".*" cannot list resource "nodes" in API group "" at the cluster scope$/,
      });
    },
  },
  {
    name: "says that a path is not allowed",
    async run(context) {
      const answer = await context.api.get("/metrics", asOutsider(context));
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: /^forbidden: User ".*" cannot get path "\/metrics"/,
      });
    },
  },
  {
    name: "allows what a role grants and nothing more",
    async run(context) {
      const { api, path } = context;
      await grant(context, [
        { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] },
      ]);
      expectStatus(await api.get(path("v1", "configmaps"), asOutsider(context)), 200);
      expectStatus(await api.get(path("v1", "secrets"), asOutsider(context)), 403);
      expectStatus(
        await api.post(path("v1", "configmaps"), configMap("a"), asOutsider(context)),
        403,
      );
      expectStatus(await api.get("/api/v1/configmaps", asOutsider(context)), 403);
    },
  },
  {
    name: "grants by object name",
    async run(context) {
      const { api, path } = context;
      await grant(context, [
        { apiGroups: [""], resources: ["configmaps"], resourceNames: ["a"], verbs: ["get"] },
      ]);
      await api.post(path("v1", "configmaps"), configMap("a"));
      await api.post(path("v1", "configmaps"), configMap("b"));
      expectStatus(await api.get(path("v1", "configmaps/a"), asOutsider(context)), 200);
      expectStatus(await api.get(path("v1", "configmaps/b"), asOutsider(context)), 403);
    },
  },
  {
    name: "keeps subresources apart from their resource",
    async run(context) {
      await grant(context, [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]);
      const { namespace } = context;
      assert.equal(await isAllowed(context, { namespace, verb: "get", resource: "pods" }), true);
      assert.equal(
        await isAllowed(context, { namespace, verb: "get", resource: "pods", subresource: "log" }),
        false,
      );
    },
  },
  {
    name: "withdraws what was granted when the binding goes",
    async run(context) {
      const { api, path } = context;
      await grant(context, [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }]);
      expectStatus(await api.get(path("v1", "configmaps"), asOutsider(context)), 200);
      await api.delete(path(RBAC, "rolebindings/b"));
      await eventually(
        async () =>
          void expectStatus(await api.get(path("v1", "configmaps"), asOutsider(context)), 403),
      );
    },
  },
  {
    name: "has the roles view, edit and admin, each a part of the next",
    async run(context) {
      const { api, path } = context;
      expectStatus(await bind(context, { kind: "ClusterRole", name: "view" }), 201);
      expectStatus(await api.get(path("v1", "configmaps"), asOutsider(context)), 200);
      expectStatus(await api.get(path("v1", "secrets"), asOutsider(context)), 403);
      await api.delete(path(RBAC, "rolebindings/b"));
      await bind(context, { kind: "ClusterRole", name: "edit" });
      await eventually(
        async () =>
          void expectStatus(await api.get(path("v1", "secrets"), asOutsider(context)), 200),
      );
      expectStatus(await api.get(path(RBAC, "roles"), asOutsider(context)), 403);
    },
  },
  {
    name: "adds the rules of matching roles to an aggregated role",
    needs: "controllers",
    async run(context) {
      const { api, word } = context;
      const roles = `/apis/${RBAC}/clusterroles`;
      const labels = { [`${word}/part`]: "true" };
      const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }];
      const aggregationRule = { clusterRoleSelectors: [{ matchLabels: labels }] };
      await api.post(roles, { metadata: { name: `${word}-whole` }, aggregationRule, rules: [] });
      await api.post(roles, { metadata: { name: `${word}-part`, labels }, rules });
      await eventually(async () => {
        assert.deepEqual((await api.get(`${roles}/${word}-whole`)).body.at("rules"), rules);
      });
      for (const name of ["whole", "part"]) await api.delete(`${roles}/${word}-${name}`);
    },
  },
  {
    name: "lets nobody grant more than they have",
    async run(context) {
      const { api, path } = context;
      await grant(context, [
        { apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"], verbs: ["create"] },
      ]);
      const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }];
      const answer = await api.post(
        path(RBAC, "roles"),
        { metadata: { name: "more" }, rules },
        asOutsider(context),
      );
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: /is attempting to grant RBAC permissions not currently held/,
      });
    },
  },
  {
    name: "does not let a binding change its role",
    async run(context) {
      await grant(context, [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }]);
      const patch = {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      };
      const answer = await context.api.patch(context.path(RBAC, "rolebindings/b"), "merge", patch);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /roleRef: Invalid value: .*cannot change roleRef/,
      });
    },
  },
  {
    name: "answers access reviews for oneself",
    async run(context) {
      const { namespace } = context;
      const asked = { namespace, verb: "list", resource: "configmaps" };
      assert.equal(await isAllowed(context, asked), false);
      await grant(context, [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }]);
      assert.equal(await isAllowed(context, asked), true);
    },
  },
  {
    name: "answers access reviews for others, to those who may ask",
    async run(context) {
      const { api, server } = context;
      const spec = {
        user: server.outsider.username,
        resourceAttributes: { verb: "list", resource: "nodes" },
      };
      const answer = expectStatus(
        await api.post(`${AUTHORIZATION}/subjectaccessreviews`, { spec }),
        201,
      );
      assert.equal(answer.body.at("status", "allowed"), false);
      const masters = {
        groups: ["system:masters"],
        user: "x",
        resourceAttributes: spec.resourceAttributes,
      };
      const allowed = await api.post(`${AUTHORIZATION}/subjectaccessreviews`, { spec: masters });
      assert.equal(allowed.body.at("status", "allowed"), true);
      expectStatus(
        await api.post(`${AUTHORIZATION}/subjectaccessreviews`, { spec }, asOutsider(context)),
        403,
      );
    },
  },
  {
    name: "lists one's own rules in a namespace",
    async run(context) {
      await grant(context, [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }]);
      const spec = { namespace: context.namespace };
      const answer = await context.api.post(
        `${AUTHORIZATION}/selfsubjectrulesreviews`,
        { spec },
        asOutsider(context),
      );
      const rules = expectStatus(answer, 201).body.list("status", "resourceRules") as {
        resources: string[];
      }[];
      assert.ok(rules.some(({ resources }) => resources.includes("configmaps")));
      assert.equal(answer.body.at("status", "incomplete"), false);
    },
  },
  {
    name: "tells who one is",
    since: "1.28",
    async run(context) {
      const answer = await context.api.post(
        `${AUTHENTICATION}/selfsubjectreviews`,
        {},
        asOutsider(context),
      );
      assert.equal(
        expectStatus(answer, 201).body.at("status", "userInfo", "username"),
        context.server.outsider.username,
      );
      assert.ok(answer.body.list("status", "userInfo", "groups").includes("system:authenticated"));
    },
  },
  {
    name: "acts as another user for those who may impersonate",
    async run(context) {
      const { api, server } = context;
      const headers = { "impersonate-user": server.outsider.username };
      expectStatus(await api.get("/api/v1/nodes", { headers }), 403);
      const group = { "impersonate-user": "x", "impersonate-group": "system:masters" };
      expectStatus(await api.get("/api/v1/nodes", { headers: group }), 200);
      const refused = await api.get("/api/v1/nodes", {
        ...asOutsider(context),
        headers: { "impersonate-user": "admin" },
      });
      expectRefusal(refused, {
        code: 403,
        reason: "Forbidden",
        message:
          /^users "admin" is forbidden: User ".*" cannot impersonate resource "users" in API group "" at the cluster scope$/,
      });
    },
  },
];
