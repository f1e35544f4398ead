import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { defineWidgets, removeWidgets } from "../../widgets.ts";
import { kubectlCase, ok, refused } from "./ask-kubectl.ts";

const SPEC = {
  size: { type: "integer", description: "How big the widget is." },
  parts: {
    type: "array",
    description: "What it is made of.",
    items: {
      type: "object",
      properties: { weight: { type: "integer", description: "In grams." } },
    },
  },
};

/** What kubectl learns of kinds: discovery, documentation, and kinds of one's own. */
export const kubectlKindCases: readonly ConformanceCase[] = [
  kubectlCase("lists the kinds of the server", async (context) => {
    const out = await ok(context, ["api-resources"]);
    assert.match(out, /^deployments +deploy +apps\/v1 +true +Deployment$/m);
    assert.match(out, /^namespaces +ns +v1 +false +Namespace$/m);
    const group = ["api-resources", "--api-group=apps", "--namespaced=true", "-o", "name"];
    assert.match(await ok(context, group), /^statefulsets\.apps$/m);
    const wide = await ok(context, ["api-resources", "--verbs=list,watch", "-o", "wide"]);
    assert.match(wide, /^pods .*list.*watch/m);
    assert.doesNotMatch(wide, /^tokenreviews/m);
  }),
  kubectlCase("lists the versions of the server", async (context) => {
    const versions = (await ok(context, ["api-versions"])).split("\n");
    for (const version of ["v1", "apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1"]) {
      assert.ok(versions.includes(version), version);
    }
  }),
  kubectlCase("explains fields of builtin kinds", async (context) => {
    const out = await ok(context, ["explain", "deployment.spec.strategy"]);
    assert.match(out, /rollingUpdate/);
    const replicas = await ok(context, ["explain", "deployment.spec.replicas"]);
    assert.match(replicas, /replicas:?\s*<integer>/);
    assert.match(await ok(context, ["explain", "pod.spec.containers.env"]), /value\s*<string>/);
    assert.match(
      await ok(context, ["explain", "pvc", "--recursive"]),
      /storageClassName\s*<string>/,
    );
    assert.match(await refused(context, ["explain", "pod.nope"]), /field "nope" does not exist/);
  }),
  kubectlCase("explains fields of custom kinds with their descriptions", async (context) => {
    const widgets = await defineWidgets(context, { spec: SPEC });
    const version = `--api-version=${widgets.group}/v1`;
    const out = await untilKnown(() => context.kubectl(["explain", "widgets.spec", version]));
    assert.match(out, /size\s*<integer>\s+How big the widget is\./);
    const weight = await ok(context, ["explain", "widgets.spec.parts.weight", version]);
    assert.match(weight, /weight:?\s*<integer>/);
    assert.match(weight, /In grams\./);
    const all = await ok(context, ["explain", "widgets", "--recursive", version]);
    assert.match(all, /parts\s*<\[\]Object>\s+weight\s*<integer>/);
    await removeWidgets(context, widgets);
  }),
  kubectlCase("works with kinds of one's own", async (context) => {
    const column = { name: "Size", type: "integer", jsonPath: ".spec.size" };
    const wide = { name: "Colour", type: "string", jsonPath: ".spec.colour", priority: 1 };
    const widgets = await defineWidgets(context, { scale: true, columns: [column, wide] });
    const kind = widgets.definition;
    const made = widgets.widget("w", { spec: { size: 3, colour: "red" } });
    await untilKnown(() => context.kubectl(["apply", "-f", "-"], JSON.stringify(made)));
    assert.match(await ok(context, ["get", kind]), /^NAME +SIZE\nw +3\n$/);
    assert.match(
      await ok(context, ["get", kind, "-o", "wide"]),
      /^NAME +SIZE +COLOUR\nw +3 +red\n$/,
    );
    assert.match(await ok(context, ["describe", kind, "w"]), /^ +Colour: +red$/im);
    await ok(context, ["patch", kind, "w", "--type=merge", "-p", '{"spec":{"size":4}}']);
    assert.equal(await ok(context, ["get", kind, "w", "-o", "jsonpath={.spec.size}"]), "4");
    const strategic = ["patch", kind, "w", "-p", '{"spec":{"size":5}}'];
    assert.match(await refused(context, strategic), /415|UnsupportedMediaType|unknown format/);
    assert.match(await ok(context, ["delete", kind, "--all"]), /"w" deleted/);
    await removeWidgets(context, widgets);
  }),
  kubectlCase("refuses a custom resource that its definition does not allow", async (context) => {
    const widgets = await defineWidgets(context, { required: ["size"] });
    const wrong = JSON.stringify(widgets.widget("w", { spec: { colour: "red" } }));
    const known = JSON.stringify(widgets.widget("known", { spec: { size: 1 } }));
    await untilKnown(() => context.kubectl(["create", "-f", "-"], known));
    const result = await context.kubectl(["create", "-f", "-", "--validate=false"], wrong);
    assert.notEqual(result.code, 0);
    assert.match(result.err, /spec\.size: Required value/);
    await removeWidgets(context, widgets);
  }),
];

/** A kind is served a moment before the documents of the server tell of it. */
async function untilKnown(
  ask: () => Promise<{ readonly code: number; readonly out: string; readonly err: string }>,
): Promise<string> {
  const end = Date.now() + 20_000;
  for (;;) {
    const result = await ask();
    if (result.code === 0) return result.out;
    assert.ok(Date.now() < end, result.err);
  }
}
