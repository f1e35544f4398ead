import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { asOutsider, AUTHORIZATION, grant, isAllowed } from "../outsider.ts";

const AUTHENTICATION = "/apis/authentication.k8s.io/v1";

/** Asking who one is, and who may do what. */
export const reviewCases: readonly ConformanceCase[] = [
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
