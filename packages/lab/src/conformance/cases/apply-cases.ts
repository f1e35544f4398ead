import assert from "node:assert/strict";
import type { Answer, Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { configMap, deployment } from "../manifests.ts";

function apply(context: CaseContext, manager: string, object: Json, more = ""): Promise<Answer> {
  const { api, path } = context;
  const { name } = object["metadata"] as { name: string };
  const plural = object["kind"] === "Deployment" ? "deployments" : "configmaps";
  const apiVersion = String(object["apiVersion"]);
  return api.patch(
    path(apiVersion, `${plural}/${name}?fieldManager=${manager}${more}`),
    "apply",
    object,
  );
}

type Managed = { manager: string; operation: string; subresource?: string; fieldsV1: Json };

function managersOf(answer: Answer): Managed[] {
  return [...answer.body.list("metadata", "managedFields")] as Managed[];
}

/** Server-side apply and who owns which field. */
export const applyCases: readonly ConformanceCase[] = [
  {
    name: "creates what is applied first",
    async run(context) {
      const answer = await apply(context, "one", configMap("a", { data: { k: "1" } }));
      expectStatus(answer, 201);
      const [manager] = managersOf(answer);
      assert.equal(manager?.manager, "one");
      assert.equal(manager?.operation, "Apply");
      assert.deepEqual(manager?.fieldsV1, { "f:data": { "f:k": {} } });
    },
  },
  {
    name: "answers 200 when the applied object was there",
    async run(context) {
      await apply(context, "one", configMap("a"));
      expectStatus(await apply(context, "one", configMap("a", { data: { k: "1" } })), 200);
    },
  },
  {
    name: "keeps the version when the same is applied again",
    async run(context) {
      const first = await apply(context, "one", configMap("a", { data: { k: "1" } }));
      const second = await apply(context, "one", configMap("a", { data: { k: "1" } }));
      assert.equal(
        second.body.at("metadata", "resourceVersion"),
        first.body.at("metadata", "resourceVersion"),
      );
    },
  },
  {
    name: "removes what its manager no longer applies",
    async run(context) {
      await apply(context, "one", configMap("a", { data: { k: "1", gone: "1" } }));
      const { body } = await apply(context, "one", configMap("a", { data: { k: "1" } }));
      assert.deepEqual(body.at("data"), { k: "1" });
    },
  },
  {
    name: "leaves what others set",
    async run(context) {
      await apply(context, "one", configMap("a", { data: { mine: "1" } }));
      await apply(context, "two", configMap("a", { data: { yours: "1" } }));
      const { body } = await apply(context, "one", configMap("a", { data: { mine: "2" } }));
      assert.deepEqual(body.at("data"), { mine: "2", yours: "1" });
    },
  },
  {
    name: "refuses to change what another manager owns, and names both",
    async run(context) {
      await apply(context, "one", configMap("a", { data: { k: "1" } }));
      const answer = await apply(context, "two", configMap("a", { data: { k: "2" } }));
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message: 'Apply failed with 1 conflict: conflict with "one": .data.k',
      });
      assert.deepEqual(answer.body.at("details", "causes"), [
        { reason: "FieldManagerConflict", message: 'conflict with "one"', field: ".data.k" },
      ]);
    },
  },
  {
    name: "lists every conflict",
    async run(context) {
      await apply(context, "one", configMap("a", { data: { k: "1", l: "1" } }));
      const answer = await apply(context, "two", configMap("a", { data: { k: "2", l: "2" } }));
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message: 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.k\n- .data.l',
      });
    },
  },
  {
    name: "takes a field over by force",
    async run(context) {
      await apply(context, "one", configMap("a", { data: { k: "1" } }));
      const answer = expectStatus(
        await apply(context, "two", configMap("a", { data: { k: "2" } }), "&force=true"),
        200,
      );
      assert.equal(answer.body.at("data", "k"), "2");
      assert.deepEqual(
        managersOf(answer).map(({ manager }) => manager),
        ["two"],
      );
    },
  },
  {
    name: "lets two managers own the same value",
    async run(context) {
      await apply(context, "one", configMap("a", { data: { k: "1" } }));
      const answer = expectStatus(
        await apply(context, "two", configMap("a", { data: { k: "1" } })),
        200,
      );
      assert.equal(managersOf(answer).length, 2);
      const { body } = await apply(context, "one", configMap("a"));
      assert.equal(body.at("data", "k"), "1");
    },
  },
  {
    name: "conflicts with what an update set, and says when",
    async run(context) {
      const { api, path } = context;
      await api.post(
        path("v1", "configmaps?fieldManager=editor"),
        configMap("a", { data: { k: "1" } }),
      );
      const answer = await apply(context, "one", configMap("a", { data: { k: "2" } }));
      expectRefusal(answer, {
        code: 409,
        reason: "Conflict",
        message: /conflict with "editor" using v1( at [-0-9T:Z]+)?: \.data\.k/,
      });
    },
  },
  {
    name: "hands a field to whoever updates it",
    async run(context) {
      const { api, path } = context;
      await apply(context, "one", configMap("a", { data: { k: "1", l: "1" } }));
      const answer = await api.patch(path("v1", "configmaps/a?fieldManager=editor"), "merge", {
        data: { k: "2" },
      });
      const byName = new Map(managersOf(answer).map((entry) => [entry.manager, entry.fieldsV1]));
      assert.deepEqual(byName.get("one"), { "f:data": { "f:l": {} } });
      assert.deepEqual(byName.get("editor"), { "f:data": { "f:k": {} } });
    },
  },
  {
    name: "demands a field manager",
    async run({ api, path }) {
      const answer = await api.patch(path("v1", "configmaps/a"), "apply", configMap("a"));
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /fieldManager: Required value: is required for apply patch/,
      });
    },
  },
  {
    name: "refuses managed fields in what is applied",
    async run(context) {
      const metadata = { managedFields: [{ manager: "x" }] };
      const answer = await apply(context, "one", configMap("a", { metadata }));
      assert.match(answer.body.text("message"), /managedFields must be nil/);
    },
  },
  {
    name: "tells list items apart by their keys",
    async run(context) {
      expectStatus(await apply(context, "one", deployment("d")), 201);
      const containers = [{ name: "side", image: "s:1" }];
      const template = { spec: { containers } };
      const other = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "d" },
        spec: { template },
      };
      const answer = expectStatus(await apply(context, "two", other), 200);
      assert.equal(answer.body.list("spec", "template", "spec", "containers").length, 2);
      const entry = managersOf(answer).find(({ manager }) => manager === "two");
      assert.ok(JSON.stringify(entry?.fieldsV1).includes('k:{\\"name\\":\\"side\\"}'));
    },
  },
  {
    name: "removes a list item its manager no longer applies",
    async run(context) {
      const { api, path } = context;
      const two = [
        { name: "main", image: "a:1" },
        { name: "side", image: "b:1" },
      ];
      const template = (containers: readonly Json[]): Json => ({
        template: { metadata: { labels: { app: "d" } }, spec: { containers } },
      });
      await apply(context, "one", deployment("d", template(two)));
      expectStatus(await apply(context, "one", deployment("d", template(two.slice(0, 1)))), 200);
      const { body } = await api.get(path("apps/v1", "deployments/d"));
      assert.equal(body.list("spec", "template", "spec", "containers").length, 1);
    },
  },
  {
    name: "writes nothing on a dry-run apply",
    async run(context) {
      expectStatus(await apply(context, "one", configMap("a"), "&dryRun=All"), 201);
      expectStatus(await context.api.get(context.path("v1", "configmaps/a")), 404);
    },
  },
  {
    name: "notes the subresource a field was set through",
    since: "1.22",
    async run(context) {
      const { api, path } = context;
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const answer = await api.patch(
        path("apps/v1", "deployments/d/status?fieldManager=boss"),
        "merge",
        { status: { replicas: 1 } },
      );
      const entry = managersOf(expectStatus(answer, 200)).find(({ manager }) => manager === "boss");
      assert.equal(entry?.subresource, "status");
    },
  },
];
