import assert from "node:assert/strict";
import { eventually, expectStatus } from "../../conformance-case.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { describeRun, kubectlCase, ok, refused } from "./ask-kubectl.ts";

/** Who may do what. */
export const kubectlAccessCases: readonly ConformanceCase[] = [
  kubectlCase("asks what one may do", async (context) => {
    assert.equal(await ok(context, ["auth", "can-i", "delete", "pods"]), "yes\n");
    assert.equal(await ok(context, ["auth", "can-i", "get", "/healthz"]), "yes\n");
    assert.equal(await ok(context, ["auth", "can-i", "update", "deployments.apps/scale"]), "yes\n");
    const own = await ok(context, ["auth", "can-i", "--list"]);
    assert.match(own, /^\*\.\* +\[\] +\[\] +\[\*\]/m);
  }),
  kubectlCase("asks what somebody else may do", async (context) => {
    const outsider = context.server.outsider.username;
    const asked = ["auth", "can-i", "get", "pods", "--as", outsider];
    const before = await context.kubectl(asked);
    assert.equal(before.code, 1, describeRun(asked, before));
    assert.match(before.out, /^no/);
    await ok(context, ["create", "role", "reader", "--verb=get", "--resource=pods"]);
    await ok(context, ["create", "rolebinding", "reads", "--role=reader", `--user=${outsider}`]);
    await eventually(async () => assert.equal(await ok(context, asked), "yes\n"));
    const list = await ok(context, ["auth", "can-i", "--list", "--as", outsider]);
    assert.match(list, /^pods +\[\] +\[\] +\[get\]/m);
    assert.match(list, /\[\/healthz\]/);
  }),
  kubectlCase("acts as somebody else", async (context) => {
    const as = ["--as", context.server.outsider.username];
    assert.match(
      await refused(context, ["get", "secrets", ...as]),
      /\(Forbidden\): secrets is forbidden: User "outsider" cannot list resource "secrets" in API group "" in the namespace/,
    );
    const group = ["--as", "anybody", "--as-group", "system:masters"];
    await ok(context, ["get", "secrets", ...group]);
  }),
  kubectlCase(
    "creates tokens that work",
    async (context) => {
      await ok(context, ["create", "serviceaccount", "sa"]);
      const token = (await ok(context, ["create", "token", "sa", "--duration=20m"])).trim();
      const review = { spec: { token } };
      const root = "/apis/authentication.k8s.io/v1/tokenreviews";
      const { body } = expectStatus(await context.api.post(root, review), 201);
      const name = `system:serviceaccount:${context.namespace}:sa`;
      assert.equal(body.at("status", "user", "username"), name);
      const short = ["create", "token", "sa", "--duration=10s"];
      assert.match(
        await refused(context, short),
        /may not specify a duration less than 10 minutes/,
      );
      assert.match(await refused(context, ["create", "token", "nope"]), /"nope" not found/);
    },
    { sinceKubectl: "1.24" },
  ),
  kubectlCase(
    "binds a token to a secret",
    async (context) => {
      await ok(context, ["create", "serviceaccount", "sa"]);
      await ok(context, ["create", "secret", "generic", "held"]);
      const bound = ["--bound-object-kind=Secret", "--bound-object-name=held"];
      const token = (await ok(context, ["create", "token", "sa", ...bound])).trim();
      const root = "/apis/authentication.k8s.io/v1/tokenreviews";
      const read = await context.api.post(root, { spec: { token } });
      assert.equal(read.body.at("status", "authenticated"), true);
      await ok(context, ["delete", "secret", "held"]);
      await eventually(async () => {
        const { body } = await context.api.post(root, { spec: { token } });
        assert.notEqual(body.at("status", "authenticated"), true);
      });
    },
    { sinceKubectl: "1.24" },
  ),
];
