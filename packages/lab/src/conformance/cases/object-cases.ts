import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap } from "../manifests.ts";

/** Creating, reading, replacing and naming objects. */
export const objectCases: readonly ConformanceCase[] = [
  {
    name: "gives a created object a uid, a version and a time",
    async run({ api, path, namespace }) {
      const { body } = expectStatus(await api.post(path("v1", "configmaps"), configMap("a")), 201);
      assert.match(body.text("metadata", "uid"), /^[0-9a-f-]{36}$/);
      assert.match(body.text("metadata", "resourceVersion"), /^\d+$/);
      assert.match(body.text("metadata", "creationTimestamp"), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal(body.at("metadata", "namespace"), namespace);
    },
  },
  {
    name: "answers a get with what was stored",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a", { data: { k: "v" } }));
      const { body } = expectStatus(await api.get(path("v1", "configmaps/a")), 200);
      assert.equal(body.at("data", "k"), "v");
      assert.equal(body.at("kind"), "ConfigMap");
      assert.equal(body.at("apiVersion"), "v1");
    },
  },
  {
    name: "says which object is not found",
    async run({ api, path }) {
      const answer = await api.get(path("v1", "configmaps/missing"));
      expectRefusal(answer, {
        code: 404,
        reason: "NotFound",
        message: 'configmaps "missing" not found',
      });
      assert.deepEqual(answer.body.at("details"), { name: "missing", kind: "configmaps" });
    },
  },
  {
    name: "names the group in a not-found of a named group",
    async run({ api, path }) {
      const answer = await api.get(path("apps/v1", "deployments/missing"));
      const message = 'deployments.apps "missing" not found';
      expectRefusal(answer, { code: 404, reason: "NotFound", message });
      assert.equal(answer.body.at("details", "group"), "apps");
    },
  },
  {
    name: "refuses to create an object twice",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.post(path("v1", "configmaps"), configMap("a"));
      expectRefusal(answer, {
        code: 409,
        reason: "AlreadyExists",
        message: 'configmaps "a" already exists',
      });
    },
  },
  {
    name: "makes a name from generateName",
    async run({ api, path }) {
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "job-" } };
      const created = expectStatus(await api.post(path("v1", "configmaps"), body), 201);
      assert.match(created.body.text("metadata", "name"), /^job-[a-z0-9]{5}$/);
      assert.equal(created.body.at("metadata", "generateName"), "job-");
    },
  },
  {
    name: "refuses an object without a name",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps"), { metadata: {} });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /metadata\.name: Required value: name or generateName is required/,
      });
    },
  },
  {
    name: "refuses a name that is no DNS subdomain",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps"), configMap("Not_A_Name"));
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /^ConfigMap "Not_A_Name" is invalid: metadata\.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain/,
      });
      assert.equal(answer.body.at("details", "causes", 0, "reason"), "FieldValueInvalid");
      assert.equal(answer.body.at("details", "causes", 0, "field"), "metadata.name");
    },
  },
  {
    name: "refuses an object of another namespace than the path's",
    async run({ api, path }) {
      const answer = await api.post(
        path("v1", "configmaps"),
        configMap("a", { metadata: { namespace: "other" } }),
      );
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message:
          "the namespace of the provided object does not match the namespace sent on the request",
      });
    },
  },
  {
    name: "refuses a resourceVersion on create",
    async run({ api, path }) {
      const answer = await api.post(
        path("v1", "configmaps"),
        configMap("a", { metadata: { resourceVersion: "1" } }),
      );
      assert.match(
        answer.body.text("message"),
        /resourceVersion (should|can) not be set on objects to be created/,
      );
    },
  },
  {
    name: "refuses to create in a namespace that does not exist",
    async run({ api, word }) {
      const answer = await api.post(`/api/v1/namespaces/${word}-none/configmaps`, configMap("a"));
      expectRefusal(answer, {
        code: 404,
        reason: "NotFound",
        message: `namespaces "${word}-none" not found`,
      });
    },
  },
  {
    name: "refuses a body of another kind",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps"), {
        ...configMap("a"),
        kind: "Secret",
      });
      expectRefusal(answer, { code: 400, reason: "BadRequest" });
    },
  },
  {
    name: "refuses a body of another version",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps"), {
        ...configMap("a"),
        apiVersion: "apps/v1",
      });
      expectRefusal(answer, { code: 400, reason: "BadRequest" });
    },
  },
  {
    name: "refuses a body that is not JSON",
    async run({ api, path }) {
      expectRefusal(await api.post(path("v1", "configmaps"), "{nope"), {
        code: 400,
        reason: "BadRequest",
      });
    },
  },
  {
    name: "accepts YAML",
    async run({ api, path }) {
      const text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n";
      const answer = await api.post(path("v1", "configmaps"), text, {
        contentType: "application/yaml",
      });
      assert.equal(expectStatus(answer, 201).body.at("data", "k"), "v");
    },
  },
  {
    name: "reads YAML as Go does: a bare y is true, a date is text",
    async run({ api, path }) {
      const head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ";
      const contentType = "application/yaml";
      const yes = await api.post(path("v1", "configmaps"), `${head}y\n`, { contentType });
      expectRefusal(yes, {
        code: 400,
        reason: "BadRequest",
        message: /^ConfigMap in version "v1" cannot be handled as a ConfigMap: .*(bool|ReadString)/,
      });
      const octal = `${head}a\nimmutable: on\ndata:\n  day: 2024-01-02\n  time: "12:30:45"\n`;
      const { body } = await api.post(path("v1", "configmaps"), octal, { contentType });
      assert.equal(body.at("immutable"), true);
      assert.deepEqual(body.at("data"), { day: "2024-01-02", time: "12:30:45" });
    },
  },
  {
    name: "refuses a media type it does not know",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "configmaps"), "x", { contentType: "text/csv" });
      expectRefusal(answer, { code: 415, reason: "UnsupportedMediaType" });
    },
  },
];
