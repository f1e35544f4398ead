import assert from "node:assert/strict";
import type { Answer, Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { defineWidgets, definitionOf, removeWidgets, withWidgets } from "../widgets.ts";
import type { Widgets } from "../widgets.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

async function refusedSpec(context: CaseContext, widgets: Widgets, spec: Json): Promise<Answer> {
  const answer = await context.api.post(widgets.path, widgets.widget("w", { spec }));
  return expectRefusal(answer, { code: 422, reason: "Invalid" });
}

/** Custom resource definitions and their objects. */
export const customCases: readonly ConformanceCase[] = [
  withWidgets("serves a defined kind and lists it in discovery", {}, async ({ api }, { group }) => {
    const { body } = expectStatus(await api.get(`/apis/${group}/v1`), 200);
    assert.equal(body.at("resources", 0, "name"), "widgets");
    assert.deepEqual(body.at("resources", 0, "shortNames"), ["wd"]);
    const groups = (await api.get("/apis")).body.list("groups") as { name: string }[];
    assert.ok(groups.some(({ name }) => name === group));
  }),
  withWidgets(
    "says in its conditions that names are accepted and the kind is served",
    {},
    async ({ api }, { definition }) => {
      const { body } = await api.get(`${DEFINITIONS}/${definition}`);
      const conditions = body.list("status", "conditions") as { type: string; status: string }[];
      assert.deepEqual(conditions.map(({ type, status }) => `${type}=${status}`).sort(), [
        "Established=True",
        "NamesAccepted=True",
      ]);
      assert.equal(body.at("status", "acceptedNames", "kind"), "Widget");
      assert.deepEqual(body.at("status", "storedVersions"), ["v1"]);
    },
  ),
  {
    name: "refuses a definition whose name is not plural and group",
    async run({ api, word }) {
      const body = {
        ...definitionOf(`${word}.conformance.example`, {}),
        metadata: { name: `other.${word}.conformance.example` },
      };
      const answer = await api.post(DEFINITIONS, body);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /metadata\.name: Invalid value: .*must be spec\.names\.plural\+"\."\+spec\.group/,
      });
    },
  },
  {
    name: "refuses a definition without a schema",
    async run({ api, word }) {
      const body = definitionOf(`${word}.conformance.example`, {});
      const spec = body["spec"] as { versions: { schema?: unknown }[] };
      delete spec.versions[0]?.schema;
      const answer = await api.post(DEFINITIONS, body);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /schema.*Required value: schemas are required/,
      });
    },
  },
  {
    name: "stops serving a kind when its definition goes",
    async run(context) {
      const widgets = await defineWidgets(context);
      await removeWidgets(context, widgets);
      for (let tries = 0; tries < 50; tries += 1) {
        if ((await context.api.get(widgets.path)).status === 404) return;
      }
      assert.fail("the kind is still served");
    },
  },
  withWidgets("wants custom objects to say what they are", {}, async ({ api }, widgets) => {
    const { path, widget } = widgets;
    expectRefusal(await api.post(path, { metadata: { name: "w" } }), {
      code: 400,
      reason: "BadRequest",
      message:
        /^Widget in version "v1" cannot be handled as a Widget: .*Object 'Kind' is missing in /,
    });
    expectRefusal(await api.post(path, widget("w", { kind: "Gadget" })), {
      code: 422,
      reason: "Invalid",
      message: /kind: Invalid value: "Gadget": must be Widget/,
    });
    expectRefusal(await api.post(path, widget("w", { apiVersion: `${widgets.group}/v2` })), {
      code: 400,
      reason: "BadRequest",
      message: /^the API version in the data \(.*\/v2\) does not match the expected API version/,
    });
  }),
  withWidgets("says of custom lists that there is no more", {}, async ({ api }, widgets) => {
    const { path, widget } = widgets;
    await api.post(path, widget("w"));
    const { body } = await api.get(path);
    assert.equal(body.at("metadata", "continue"), "");
    assert.equal(body.at("items", 0, "kind"), "Widget");
  }),
  withWidgets(
    "adds the finalizer of a definition when it is deleted",
    {},
    async (context, widgets) => {
      const definition = `${DEFINITIONS}/${widgets.definition}`;
      const before = await context.api.get(definition);
      assert.equal(before.body.at("metadata", "finalizers"), undefined);
      const { body } = await context.api.delete(definition);
      assert.deepEqual(body.at("metadata", "finalizers"), [
        "customresourcecleanup.apiextensions.k8s.io",
      ]);
    },
  ),
  withWidgets("applies no field a custom schema does not declare", {}, async ({ api }, widgets) => {
    const { path, widget } = widgets;
    const answer = await api.patch(
      `${path}/w?fieldManager=m`,
      "apply",
      widget("w", { spec: { unknown: 1 } }),
    );
    assert.match(
      expectStatus(answer, 500).body.text("message"),
      /^failed to create typed patch object.*: \.spec\.unknown: field not declared in schema$/,
    );
  }),
  withWidgets(
    "does not take null for one of the values of an enum",
    { spec: { x: { type: "string", enum: ["a"], nullable: true } } },
    async (context, widgets) => {
      await refusedSpec(context, widgets, { x: null });
    },
  ),
  withWidgets("prunes fields the schema does not know", {}, async ({ api }, { path, widget }) => {
    const { body } = expectStatus(
      await api.post(path, widget("w", { spec: { size: 1, other: 2 }, more: 1 })),
      201,
    );
    assert.deepEqual(body.at("spec"), { size: 1 });
    assert.equal(body.at("more"), undefined);
  }),
  {
    ...withWidgets(
      "warns of pruned fields, or refuses them, as asked",
      {},
      async ({ api }, { path, widget }) => {
        const warned = await api.post(
          `${path}?fieldValidation=Warn`,
          widget("w", { spec: { other: 2 } }),
        );
        assert.match(
          String(expectStatus(warned, 201).headers["warning"]),
          /unknown field \\?"spec\.other/,
        );
        const refused = await api.post(
          `${path}?fieldValidation=Strict`,
          widget("v", { spec: { other: 2 } }),
        );
        expectRefusal(refused, {
          code: 400,
          reason: "BadRequest",
          message: /strict decoding error: unknown field "spec\.other"/,
        });
      },
    ),
    since: "1.25",
  },
  withWidgets(
    "keeps unknown fields where the schema says so",
    { schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    async ({ api }, { path, widget }) => {
      const { body } = expectStatus(
        await api.post(path, widget("w", { spec: { any: [1, { b: 2 }] } })),
        201,
      );
      assert.deepEqual(body.at("spec"), { any: [1, { b: 2 }] });
    },
  ),
  withWidgets(
    "fills in defaults, also below what is given",
    {
      spec: {
        size: { type: "integer", default: 3 },
        inner: { type: "object", properties: { a: { type: "string", default: "x" } } },
      },
    },
    async ({ api }, { path, widget }) => {
      const { body } = expectStatus(
        await api.post(path, widget("w", { spec: { inner: {} } })),
        201,
      );
      assert.deepEqual(body.at("spec"), { size: 3, inner: { a: "x" } });
    },
  ),
  withWidgets("demands required fields", { required: ["size"] }, async (context, widgets) => {
    const answer = await refusedSpec(context, widgets, {});
    assert.match(
      answer.body.text("message"),
      /^Widget\..* "w" is invalid: spec\.size: Required value$/,
    );
    assert.equal(answer.body.at("details", "causes", 0, "reason"), "FieldValueRequired");
  }),
  withWidgets(
    "accepts both forms of int-or-string",
    { spec: { x: { "x-kubernetes-int-or-string": true } } },
    async ({ api }, { path, widget }) => {
      expectStatus(await api.post(path, widget("a", { spec: { x: 1 } })), 201);
      expectStatus(await api.post(path, widget("b", { spec: { x: "1%" } })), 201);
    },
  ),
  withWidgets(
    "lets the main resource write status where there is no subresource",
    {},
    async ({ api }, { path, widget }) => {
      const { body } = expectStatus(
        await api.post(path, widget("w", { status: { phase: "Ready" } })),
        201,
      );
      assert.equal(body.at("status", "phase"), "Ready");
      expectStatus(await api.get(`${path}/w/status`), 404);
    },
  ),
  withWidgets(
    "keeps status and the rest apart where there is one",
    { status: true },
    async ({ api }, { path, widget }) => {
      const created = expectStatus(
        await api.post(path, widget("w", { spec: { size: 1 }, status: { phase: "Ready" } })),
        201,
      );
      assert.equal(created.body.at("status"), undefined);
      const patch = { spec: { size: 2 }, status: { phase: "Ready" } };
      const status = expectStatus(await api.patch(`${path}/w/status`, "merge", patch), 200);
      assert.deepEqual(status.body.at("spec"), { size: 1 });
      assert.equal(status.body.at("status", "phase"), "Ready");
      const main = expectStatus(
        await api.patch(`${path}/w`, "merge", { spec: { size: 3 }, status: { phase: "No" } }),
        200,
      );
      assert.equal(main.body.at("status", "phase"), "Ready");
    },
  ),
  withWidgets(
    "counts generations of the spec, not of status or metadata",
    { status: true },
    async ({ api }, { path, widget }) => {
      const created = await api.post(path, widget("w", { spec: { size: 1 } }));
      assert.equal(created.body.at("metadata", "generation"), 1);
      const labelled = await api.patch(`${path}/w`, "merge", { metadata: { labels: { a: "b" } } });
      assert.equal(labelled.body.at("metadata", "generation"), 1);
      const status = await api.patch(`${path}/w/status`, "merge", { status: { a: 1 } });
      assert.equal(status.body.at("metadata", "generation"), 1);
      const changed = await api.patch(`${path}/w`, "merge", { spec: { size: 2 } });
      assert.equal(changed.body.at("metadata", "generation"), 2);
    },
  ),
  withWidgets(
    "demands a version when a custom object is replaced",
    {},
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w"));
      const answer = await api.put(`${path}/w`, widget("w", { spec: { size: 1 } }));
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /metadata\.resourceVersion: Invalid value: 0(x0)?: must be specified for an update/,
      });
    },
  ),
  withWidgets(
    "does not take strategic patches for custom objects",
    {},
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w"));
      expectRefusal(await api.patch(`${path}/w`, "strategic", {}), {
        code: 415,
        reason: "UnsupportedMediaType",
      });
    },
  ),
  withWidgets(
    "scales through the paths of the definition",
    { spec: { replicas: { type: "integer" } }, scale: true, status: true },
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w", { spec: { replicas: 1 } }));
      await api.patch(`${path}/w/status`, "merge", { status: { replicas: 1, selector: "a=b" } });
      const scale = expectStatus(await api.get(`${path}/w/scale`), 200);
      assert.equal(scale.body.at("kind"), "Scale");
      assert.deepEqual(scale.body.at("status"), { replicas: 1, selector: "a=b" });
      expectStatus(await api.patch(`${path}/w/scale`, "merge", { spec: { replicas: 4 } }), 200);
      assert.equal((await api.get(`${path}/w`)).body.at("spec", "replicas"), 4);
    },
  ),
  withWidgets("applies custom objects server-side", {}, async ({ api }, { path, widget }) => {
    const url = `${path}/w?fieldManager=one`;
    expectStatus(
      await api.patch(url, "apply", widget("w", { spec: { size: 1, colour: "red" } })),
      201,
    );
    const { body } = expectStatus(
      await api.patch(url, "apply", widget("w", { spec: { size: 1 } })),
      200,
    );
    assert.deepEqual(body.at("spec"), { size: 1 });
  }),
  withWidgets("watches custom objects", {}, async ({ api }, { path, widget }) => {
    const version = (await api.get(path)).body.text("metadata", "resourceVersion");
    await api.post(path, widget("w"));
    const [event] = await api.watch(`${path}?resourceVersion=${version}`, 1);
    assert.equal(event?.object.at("kind"), "Widget");
  }),
  withWidgets(
    "prints the columns of the definition",
    {
      columns: [
        { name: "Size", type: "integer", jsonPath: ".spec.size" },
        { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
      ],
    },
    async ({ api }, { path, widget }) => {
      await api.post(path, widget("w", { spec: { size: 7 } }));
      const headers = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" };
      const { body } = expectStatus(await api.get(path, { headers }), 200);
      const columns = body.list("columnDefinitions") as { name: string }[];
      assert.deepEqual(
        columns.map(({ name }) => name),
        ["Name", "Size", "Age"],
      );
      assert.deepEqual(body.list("rows", 0, "cells").slice(0, 2), ["w", 7]);
    },
  ),
];
