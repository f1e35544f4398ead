import assert from "node:assert/strict";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap } from "../manifests.ts";
import { asOutsider, bind, grant, isAllowed, RBAC } from "../outsider.ts";

/** Who may do what. */
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
];
