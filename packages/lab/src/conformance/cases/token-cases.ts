import assert from "node:assert/strict";
import type { Answer, Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";

const AUTHENTICATION = "/apis/authentication.k8s.io/v1";

async function newToken(context: CaseContext, spec: Json = {}): Promise<string> {
  const { api, path } = context;
  await api.post(path("v1", "serviceaccounts"), { metadata: { name: "robot" } });
  const answer = await api.post(path("v1", "serviceaccounts/robot/token"), { spec });
  return expectStatus(answer, 201).body.text("status", "token");
}

async function review({ api }: CaseContext, token: string, audiences?: string[]): Promise<Answer> {
  const spec = { token, ...(audiences === undefined ? {} : { audiences }) };
  return expectStatus(await api.post(`${AUTHENTICATION}/tokenreviews`, { spec }), 201);
}

/** The tokens of service accounts. */
export const tokenCases: readonly ConformanceCase[] = [
  {
    name: "issues a token by which a service account is known",
    async run(context) {
      const { api, path, namespace } = context;
      const token = await newToken(context);
      const answer = await review(context, token);
      assert.equal(answer.body.at("status", "authenticated"), true);
      assert.equal(
        answer.body.at("status", "user", "username"),
        `system:serviceaccount:${namespace}:robot`,
      );
      assert.ok(
        answer.body
          .list("status", "user", "groups")
          .includes(`system:serviceaccounts:${namespace}`),
      );
      const refused = await api.get(path("v1", "pods"), { token });
      expectRefusal(refused, {
        code: 403,
        reason: "Forbidden",
        message: new RegExp(`User "system:serviceaccount:${namespace}:robot"`),
      });
    },
  },
  {
    name: "knows a token only for its audience",
    async run(context) {
      const token = await newToken(context, { audiences: ["elsewhere"] });
      expectStatus(await context.api.get("/api/v1/namespaces", { token }), 401);
      assert.equal((await review(context, token)).body.at("status", "authenticated"), undefined);
      const there = await review(context, token, ["elsewhere"]);
      assert.equal(there.body.at("status", "authenticated"), true);
      assert.deepEqual(there.body.at("status", "audiences"), ["elsewhere"]);
    },
  },
  {
    name: "forgets a token when its account goes, even if one of its name comes back",
    async run(context) {
      const { api, path } = context;
      const token = await newToken(context);
      await api.delete(path("v1", "serviceaccounts/robot"));
      await eventually(
        async () => void expectStatus(await api.get(path("v1", "pods"), { token }), 401),
      );
      await api.post(path("v1", "serviceaccounts"), { metadata: { name: "robot" } });
      expectStatus(await api.get(path("v1", "pods"), { token }), 401);
    },
  },
  {
    name: "refuses a token that lives too short",
    async run({ api, path }) {
      await api.post(path("v1", "serviceaccounts"), { metadata: { name: "robot" } });
      const answer = await api.post(path("v1", "serviceaccounts/robot/token"), {
        spec: { expirationSeconds: 5 },
      });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /spec\.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes/,
      });
    },
  },
  {
    name: "refuses a token somebody else changed",
    async run(context) {
      const token = await newToken(context);
      const [head = "", body = "", signature = ""] = token.split(".");
      const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Json;
      const forged = Buffer.from(
        JSON.stringify({ ...claims, sub: "system:serviceaccount:kube-system:x" }),
      );
      const changed = `${head}.${forged.toString("base64url")}.${signature}`;
      expectStatus(await context.api.get("/api/v1/namespaces", { token: changed }), 401);
    },
  },
  {
    name: "fills the token secret of a service account",
    needs: "controllers",
    async run(context) {
      const { api, path, namespace } = context;
      await api.post(path("v1", "serviceaccounts"), { metadata: { name: "robot" } });
      const annotations = { "kubernetes.io/service-account.name": "robot" };
      const type = "kubernetes.io/service-account-token";
      expectStatus(
        await api.post(path("v1", "secrets"), { metadata: { name: "s", annotations }, type }),
        201,
      );
      let token = "";
      await eventually(async () => {
        const { body } = await api.get(path("v1", "secrets/s"));
        token = Buffer.from(body.text("data", "token"), "base64").toString();
        assert.match(token, /^[^.]+\.[^.]+\.[^.]+$/);
        assert.equal(Buffer.from(body.text("data", "namespace"), "base64").toString(), namespace);
      });
      assert.equal((await review(context, token)).body.at("status", "authenticated"), true);
      await api.delete(path("v1", "secrets/s"));
      await eventually(
        async () => void expectStatus(await api.get(path("v1", "pods"), { token }), 401),
      );
    },
  },
];
