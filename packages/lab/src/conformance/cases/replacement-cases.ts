import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap } from "../manifests.ts";

/** Replacing objects, and trying writes. */
export const replacementCases: readonly ConformanceCase[] = [
  {
    name: "replaces an object and moves its version",
    async run({ api, path }) {
      const created = await api.post(
        path("v1", "configmaps"),
        configMap("a", { data: { k: "1" } }),
      );
      const next = { ...(created.body.value as object), data: { k: "2" } };
      const updated = expectStatus(await api.put(path("v1", "configmaps/a"), next), 200);
      assert.equal(updated.body.at("data", "k"), "2");
      assert.notEqual(
        updated.body.at("metadata", "resourceVersion"),
        created.body.at("metadata", "resourceVersion"),
      );
    },
  },
  {
    name: "refuses a replacement based on an old version",
    async run({ api, path }) {
      const created = await api.post(path("v1", "configmaps"), configMap("a"));
      await api.put(path("v1", "configmaps/a"), {
        ...(created.body.value as object),
        data: { k: "1" },
      });
      const answer = await api.put(path("v1", "configmaps/a"), {
        ...(created.body.value as object),
        data: { k: "2" },
      });
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      });
    },
  },
  {
    name: "keeps the version when an update changes nothing",
    async run({ api, path }) {
      const created = await api.post(
        path("v1", "configmaps"),
        configMap("a", { data: { k: "1" } }),
      );
      const updated = expectStatus(
        await api.put(path("v1", "configmaps/a"), created.body.value),
        200,
      );
      assert.equal(
        updated.body.at("metadata", "resourceVersion"),
        created.body.at("metadata", "resourceVersion"),
      );
    },
  },
  {
    name: "refuses a replacement under another name",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.put(path("v1", "configmaps/a"), configMap("b"));
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message: "the name of the object (b) does not match the name on the URL (a)",
      });
    },
  },
  {
    name: "does not create by replacing",
    async run({ api, path }) {
      const answer = await api.put(path("v1", "configmaps/a"), configMap("a"));
      expectRefusal(answer, { code: 404, reason: "NotFound" });
    },
  },
  {
    name: "refuses an update meant for an earlier object of the same name",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const uid = "00000000-0000-4000-8000-000000000000";
      const answer = await api.put(
        path("v1", "configmaps/a"),
        configMap("a", { metadata: { uid } }),
      );
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message: /Precondition failed: UID in precondition/,
      });
    },
  },
  {
    name: "does not let a client choose uid or creation time",
    async run({ api, path }) {
      const metadata = { uid: "x", creationTimestamp: "2001-01-01T00:00:00Z" };
      const { body } = expectStatus(
        await api.post(path("v1", "configmaps"), configMap("a", { metadata })),
        201,
      );
      assert.notEqual(body.at("metadata", "uid"), "x");
      assert.notEqual(body.at("metadata", "creationTimestamp"), "2001-01-01T00:00:00Z");
    },
  },
  {
    name: "writes nothing on a dry run, but answers as if it had",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps?dryRun=All"), configMap("a"));
      assert.match(expectStatus(answer, 201).body.text("metadata", "uid"), /-/);
      expectStatus(await api.get(path("v1", "configmaps/a")), 404);
    },
  },
  {
    name: "finds on a dry run what would be refused",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.post(path("v1", "configmaps?dryRun=All"), configMap("a"));
      expectRefusal(answer, { code: 409, reason: "AlreadyExists" });
    },
  },
  {
    name: "refuses a dry run of an unknown kind",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps?dryRun=Some"), configMap("a"));
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
      });
    },
  },
  {
    name: "refuses a label value that is none",
    async run({ api, path }) {
      const answer = await api.post(
        path("v1", "configmaps"),
        configMap("a", { metadata: { labels: { x: "no spaces" } } }),
      );
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /metadata\.labels: Invalid value: "no spaces"/,
      });
    },
  },
  {
    name: "refuses a method a collection does not have",
    async run({ api, path }) {
      const answer = await api.put(path("v1", "configmaps"), configMap("a"));
      expectRefusal(answer, {
        code: 405,
        reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource",
      });
    },
  },
  {
    name: "answers 404 for a resource nobody serves",
    async run({ api, path }) {
      expectStatus(await api.get(path("v1", "gadgets")), 404);
      expectStatus(await api.get("/apis/nobody.example/v1/gadgets"), 404);
    },
  },
  {
    name: "keeps a secret's stringData as data",
    async run({ api, path }) {
      const body = { metadata: { name: "s" }, stringData: { k: "v" } };
      const answer = expectStatus(await api.post(path("v1", "secrets"), body), 201);
      assert.deepEqual(answer.body.at("data"), { k: "dg==" });
      assert.equal(answer.body.at("stringData"), undefined);
      assert.equal(answer.body.at("type"), "Opaque");
    },
  },
  {
    name: "keeps an immutable config map as it is",
    async run({ api, path }) {
      await api.post(
        path("v1", "configmaps"),
        configMap("a", { data: { k: "1" }, immutable: true }),
      );
      const answer = await api.patch(path("v1", "configmaps/a"), "merge", { data: { k: "2" } });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /data: Forbidden: field is immutable when `immutable` is set/,
      });
    },
  },
];
