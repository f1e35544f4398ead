import assert from "node:assert/strict";
import type { Json } from "../../api-client.ts";
import { expectStatus } from "../../conformance-case.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { configMap, deployment } from "../../manifests.ts";
import { isAtLeast } from "../../../kubeserver/server-version.ts";
import { describeRun, kubectlCase, ok, refused, stored } from "./ask-kubectl.ts";

const APPLY = ["apply", "-f", "-"];

/** Applying, comparing and trying. */
export const kubectlApplyCases: readonly ConformanceCase[] = [
  kubectlCase("applies, changes and removes keys", async (context) => {
    const both = configMap("a", { data: { k: "1", gone: "1" } });
    assert.match(await ok(context, APPLY, both), /created/);
    const changed = configMap("a", { data: { k: "2" } });
    assert.match(await ok(context, APPLY, changed), /configured/);
    assert.match(await ok(context, APPLY, changed), /unchanged/);
    assert.deepEqual((await stored(context, "v1", "configmaps/a")).at("data"), { k: "2" });
  }),
  kubectlCase("keeps what others set when it applies again", async (context) => {
    await ok(context, APPLY, deployment("d"));
    await ok(context, ["scale", "deployment/d", "--replicas=7"]);
    await ok(context, ["set", "env", "deployment/d", "LEVEL=high"]);
    const { spec } = deployment("d") as { spec: Json };
    const { replicas: _replicas, ...rest } = spec;
    await ok(context, [...APPLY, "--overwrite=true"], { ...deployment("d"), spec: rest });
    const body = await stored(context, "apps/v1", "deployments/d");
    // It was applied once, and no longer is: so it goes back to the default.
    assert.equal(body.at("spec", "replicas"), 1);
    assert.equal(body.at("spec", "template", "spec", "containers", 0, "env", 0, "name"), "LEVEL");
  }),
  kubectlCase("prunes what is no longer applied", async (context) => {
    const labelled = (name: string): Json =>
      configMap(name, { metadata: { labels: { set: "x" } } });
    const list = (items: Json[]): Json => ({ apiVersion: "v1", kind: "List", items });
    await ok(context, APPLY, list([labelled("a"), labelled("b")]));
    // What it prunes of itself are the kinds of its own time, which another server may not have.
    const option = isAtLeast(context.kubectlVersion, "1.26") ? "allowlist" : "whitelist";
    const only = `--prune-${option}=core/v1/ConfigMap`;
    const prune = ["apply", "--prune", only, "-l", "set=x", "-f", "-"];
    assert.match(await ok(context, prune, list([labelled("a")])), /configmap\/b pruned/);
    expectStatus(await context.api.get(context.path("v1", "configmaps/b")), 404);
  }),
  kubectlCase("applies server-side and reports conflicts", async (context) => {
    const args = ["apply", "--server-side", "-f", "-", "--field-manager"];
    await ok(context, [...args, "one"], configMap("a", { data: { k: "1" } }));
    const changed = configMap("a", { data: { k: "2" } });
    const complaint = await refused(context, [...args, "two"], changed);
    assert.match(complaint, /Apply failed with 1 conflict: conflict with "one": \.data\.k/);
    assert.match(complaint, /--force-conflicts/);
    await ok(context, [...args, "two", "--force-conflicts"], changed);
    const body = await stored(context, "v1", "configmaps/a");
    assert.deepEqual(body.at("data"), { k: "2" });
    const managers = body.list("metadata", "managedFields") as { manager: string }[];
    assert.deepEqual(
      managers.map(({ manager }) => manager),
      ["two"],
    );
  }),
  kubectlCase("takes a server-side applied key away again", async (context) => {
    const args = ["apply", "--server-side", "-f", "-"];
    await ok(context, args, configMap("a", { data: { k: "1", gone: "1" } }));
    await ok(context, args, configMap("a", { data: { k: "1" } }));
    assert.deepEqual((await stored(context, "v1", "configmaps/a")).at("data"), { k: "1" });
  }),
  kubectlCase("refuses unknown fields before or at the server", async (context) => {
    assert.match(await refused(context, APPLY, configMap("a", { dat: {} })), /unknown field "dat"/);
  }),
  kubectlCase("refuses fields of the wrong type before or at the server", async (context) => {
    const complaint = await refused(context, APPLY, deployment("d", { replicas: "two" }));
    assert.match(complaint, /replicas|int32/);
  }),
  kubectlCase("shows a difference", async (context) => {
    await ok(context, APPLY, configMap("a", { data: { k: "1" } }));
    const changed = JSON.stringify(configMap("a", { data: { k: "2" } }));
    const result = await context.kubectl(["diff", "-f", "-"], changed);
    assert.equal(result.code, 1, describeRun(["diff"], result));
    assert.match(result.out, /^- {2}k: "1"$/m);
    assert.match(result.out, /^\+ {2}k: "2"$/m);
    assert.deepEqual((await stored(context, "v1", "configmaps/a")).at("data"), { k: "1" });
  }),
  kubectlCase("shows no difference where there is none", async (context) => {
    await ok(context, APPLY, deployment("d"));
    assert.equal(await ok(context, ["diff", "-f", "-"], deployment("d")), "");
  }),
  kubectlCase("shows what would be new", async (context) => {
    const result = await context.kubectl(["diff", "-f", "-"], JSON.stringify(deployment("d")));
    assert.equal(result.code, 1, describeRun(["diff"], result));
    assert.match(result.out, /^\+ {2}progressDeadlineSeconds: 600$/m);
  }),
  kubectlCase("tries a change on the server only", async (context) => {
    const out = await ok(context, ["apply", "--dry-run=server", "-f", "-"], configMap("a"));
    assert.match(out, /server dry run/);
    expectStatus(await context.api.get(context.path("v1", "configmaps/a")), 404);
  }),
  kubectlCase("tries a change without the server", async (context) => {
    const args = ["create", "deployment", "d", "--image=x:1", "--dry-run=client", "-o", "json"];
    const made = JSON.parse(await ok(context, args)) as Json;
    expectStatus(await context.api.get(context.path("apps/v1", "deployments/d")), 404);
    assert.match(await ok(context, APPLY, made), /deployment\.apps\/d created/);
  }),
  kubectlCase("replaces", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a", { data: { k: "1" } }));
    await ok(context, ["replace", "-f", "-"], configMap("a", { data: { j: "2" } }));
    assert.deepEqual((await stored(context, "v1", "configmaps/a")).at("data"), { j: "2" });
    const before = (await stored(context, "v1", "configmaps/a")).at("metadata", "uid");
    await ok(context, ["replace", "--force", "-f", "-"], configMap("a"));
    assert.notEqual((await stored(context, "v1", "configmaps/a")).at("metadata", "uid"), before);
  }),
  kubectlCase("does not replace what changed meanwhile", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a"));
    const { value } = await stored(context, "v1", "configmaps/a");
    await ok(context, ["label", "configmap", "a", "x=y"]);
    const complaint = await refused(context, ["replace", "-f", "-"], value as Json);
    assert.match(complaint, /Conflict.*the object has been modified/);
  }),
];
