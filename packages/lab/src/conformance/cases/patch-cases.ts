import assert from "node:assert/strict";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import type { Body } from "../api-client.ts";
import { configMap, deployment, service } from "../manifests.ts";

async function patchedDeployment(context: CaseContext, patch: object): Promise<Body> {
  const { api, path } = context;
  const containers = [
    {
      name: "one",
      image: "a:1",
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
    },
    { name: "two", image: "b:1" },
  ];
  const made = deployment("d");
  const template = { metadata: { labels: { app: "d" } }, spec: { containers } };
  Object.assign(made["spec"] as object, { template });
  expectStatus(await api.post(path("apps/v1", "deployments"), made), 201);
  return expectStatus(await api.patch(path("apps/v1", "deployments/d"), "strategic", patch), 200)
    .body;
}

const inTemplate = (spec: object): object => ({ spec: { template: { spec } } });
const CONTAINERS = ["spec", "template", "spec", "containers"];

/** JSON patches, merge patches and strategic merge patches. */
export const patchCases: readonly ConformanceCase[] = [
  {
    name: "merges: sets, replaces and removes by null",
    async run({ api, path }) {
      await api.post(
        path("v1", "configmaps"),
        configMap("a", { data: { keep: "1", change: "1", drop: "1" } }),
      );
      const patch = { data: { change: "2", drop: null, add: "3" } };
      const { body } = expectStatus(
        await api.patch(path("v1", "configmaps/a"), "merge", patch),
        200,
      );
      assert.deepEqual(body.at("data"), { keep: "1", change: "2", add: "3" });
    },
  },
  {
    name: "applies a JSON patch in order",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a", { data: { k: "1" } }));
      const patch = [
        { op: "test", path: "/data/k", value: "1" },
        { op: "replace", path: "/data/k", value: "2" },
        { op: "copy", from: "/data/k", path: "/data/copy" },
        { op: "move", from: "/data/copy", path: "/data/moved" },
      ];
      const { body } = expectStatus(
        await api.patch(path("v1", "configmaps/a"), "json", patch),
        200,
      );
      assert.deepEqual(body.at("data"), { k: "2", moved: "2" });
    },
  },
  {
    name: "changes nothing when a test of a JSON patch fails",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a", { data: { k: "1" } }));
      const patch = [
        { op: "replace", path: "/data/k", value: "2" },
        { op: "test", path: "/data/k", value: "1" },
      ];
      expectRefusal(await api.patch(path("v1", "configmaps/a"), "json", patch), {
        code: 422,
        reason: "Invalid",
      });
      assert.equal((await api.get(path("v1", "configmaps/a"))).body.at("data", "k"), "1");
    },
  },
  {
    name: "refuses a JSON patch of a path that is not there",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const patch = [{ op: "replace", path: "/data/none", value: "2" }];
      expectRefusal(await api.patch(path("v1", "configmaps/a"), "json", patch), {
        code: 422,
        reason: "Invalid",
      });
    },
  },
  {
    name: "refuses a JSON patch that is no list",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      expectRefusal(await api.patch(path("v1", "configmaps/a"), "json", { op: "add" }), {
        code: 400,
        reason: "BadRequest",
      });
    },
  },
  {
    name: "refuses a patch that changes the name",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.patch(path("v1", "configmaps/a"), "merge", {
        metadata: { name: "b" },
      });
      expectRefusal(answer, { code: 400, reason: "BadRequest" });
    },
  },
  {
    name: "refuses a patch based on an old version",
    async run({ api, path }) {
      const created = await api.post(path("v1", "configmaps"), configMap("a"));
      const resourceVersion = created.body.text("metadata", "resourceVersion");
      await api.patch(path("v1", "configmaps/a"), "merge", { data: { k: "1" } });
      const answer = await api.patch(path("v1", "configmaps/a"), "merge", {
        metadata: { resourceVersion },
        data: { k: "2" },
      });
      expectRefusal(answer, { code: 409, reason: "Conflict" });
    },
  },
  {
    name: "refuses a patch of something that is not there",
    async run({ api, path }) {
      expectRefusal(await api.patch(path("v1", "configmaps/a"), "merge", {}), {
        code: 404,
        reason: "NotFound",
      });
    },
  },
  {
    name: "refuses a patch of an unknown type",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const call = { body: {}, contentType: "application/json" };
      const answer = await api.send("PATCH", path("v1", "configmaps/a"), call);
      expectRefusal(answer, {
        code: 415,
        reason: "UnsupportedMediaType",
        message: "415: Unsupported Media Type",
      });
    },
  },
  {
    name: "merges containers by name in a strategic patch",
    async run(context) {
      const body = await patchedDeployment(
        context,
        inTemplate({ containers: [{ name: "two", image: "b:2" }] }),
      );
      assert.deepEqual(
        body.list(...CONTAINERS).map((one) => (one as { image: string }).image),
        ["a:1", "b:2"],
      );
    },
  },
  {
    name: "adds a container in a strategic patch",
    async run(context) {
      const body = await patchedDeployment(
        context,
        inTemplate({ containers: [{ name: "three", image: "c:1" }] }),
      );
      assert.equal(body.list(...CONTAINERS).length, 3);
    },
  },
  {
    name: "deletes a container by directive",
    async run(context) {
      const body = await patchedDeployment(
        context,
        inTemplate({ containers: [{ name: "one", $patch: "delete" }] }),
      );
      assert.deepEqual(
        body.list(...CONTAINERS).map((one) => (one as { name: string }).name),
        ["two"],
      );
    },
  },
  {
    name: "replaces a list by directive",
    async run(context) {
      const body = await patchedDeployment(
        context,
        inTemplate({ containers: [{ $patch: "replace" }, { name: "only", image: "x:1" }] }),
      );
      assert.deepEqual(
        body.list(...CONTAINERS).map((one) => (one as { name: string }).name),
        ["only"],
      );
    },
  },
  {
    name: "merges a list within a list",
    async run(context) {
      const env = [
        { name: "B", value: "3" },
        { name: "C", value: "4" },
      ];
      const body = await patchedDeployment(
        context,
        inTemplate({ containers: [{ name: "one", env }] }),
      );
      assert.deepEqual(body.at(...CONTAINERS, 0, "env"), [
        { name: "A", value: "1" },
        { name: "B", value: "3" },
        { name: "C", value: "4" },
      ]);
    },
  },
  {
    name: "brings a list into the order asked for",
    async run(context) {
      const body = await patchedDeployment(
        context,
        inTemplate({
          "$setElementOrder/containers": [{ name: "two" }, { name: "one" }],
          containers: [{ name: "two", image: "b:2" }],
        }),
      );
      assert.deepEqual(
        body.list(...CONTAINERS).map((one) => (one as { name: string }).name),
        ["two", "one"],
      );
    },
  },
  {
    name: "removes finalizers by value",
    async run({ api, path }) {
      const finalizers = ["example.com/a", "example.com/b"];
      await api.post(path("v1", "configmaps"), configMap("a", { metadata: { finalizers } }));
      const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] } };
      const { body } = expectStatus(
        await api.patch(path("v1", "configmaps/a"), "strategic", patch),
        200,
      );
      assert.deepEqual(body.at("metadata", "finalizers"), ["example.com/b"]);
      await api.patch(path("v1", "configmaps/a"), "merge", { metadata: { finalizers: null } });
    },
  },
  {
    name: "merges service ports by port",
    async run({ api, path }) {
      const ports = [
        { name: "a", port: 80 },
        { name: "b", port: 81 },
      ];
      await api.post(path("v1", "services"), service("s", { ports }));
      const patch = { spec: { ports: [{ port: 81, targetPort: 9000 }] } };
      const { body } = expectStatus(
        await api.patch(path("v1", "services/s"), "strategic", patch),
        200,
      );
      assert.equal(body.list("spec", "ports").length, 2);
      assert.equal(body.at("spec", "ports", 1, "targetPort"), 9000);
    },
  },
  {
    name: "refuses a strategic patch item without its key",
    async run(context) {
      const { api, path } = context;
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const answer = await api.patch(
        path("apps/v1", "deployments/d"),
        "strategic",
        inTemplate({ containers: [{ image: "x" }] }),
      );
      assert.ok([400, 422, 500].includes(answer.status), answer.text);
      assert.match(answer.body.text("message"), /does not contain declared merge key: name/);
    },
  },
  {
    name: "writes nothing on a dry-run patch",
    async run({ api, path }) {
      await api.post(path("v1", "configmaps"), configMap("a"));
      const answer = await api.patch(path("v1", "configmaps/a?dryRun=All"), "merge", {
        data: { k: "v" },
      });
      assert.equal(expectStatus(answer, 200).body.at("data", "k"), "v");
      assert.equal((await api.get(path("v1", "configmaps/a"))).body.at("data"), undefined);
    },
  },
];
