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
];
