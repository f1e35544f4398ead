import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase, KubectlResult } from "../conformance-case.ts";
import { configMap, deployment, pod } from "../manifests.ts";

async function ok(context: CaseContext, args: readonly string[], input?: Json): Promise<string> {
  const result = await context.kubectl(
    args,
    input === undefined ? undefined : JSON.stringify(input),
  );
  assert.equal(result.code, 0, describeRun(args, result));
  return result.out;
}

function describeRun(args: readonly string[], { code, out, err }: KubectlResult): string {
  return `kubectl ${args.join(" ")} ended with ${code}: ${out}${err}`;
}

function kubectlCase(name: string, run: (context: CaseContext) => Promise<void>): ConformanceCase {
  return { name, needs: "kubectl", run };
}

/** kubectl as an outside client. */
export const kubectlCases: readonly ConformanceCase[] = [
  kubectlCase("applies, changes and removes keys", async (context) => {
    assert.match(
      await ok(context, ["apply", "-f", "-"], configMap("a", { data: { k: "1", gone: "1" } })),
      /created/,
    );
    assert.match(
      await ok(context, ["apply", "-f", "-"], configMap("a", { data: { k: "2" } })),
      /configured/,
    );
    assert.match(
      await ok(context, ["apply", "-f", "-"], configMap("a", { data: { k: "2" } })),
      /unchanged/,
    );
    const { body } = await context.api.get(context.path("v1", "configmaps/a"));
    assert.deepEqual(body.at("data"), { k: "2" });
  }),
  kubectlCase("prunes what is no longer applied", async (context) => {
    const labelled = (name: string): Json =>
      configMap(name, { metadata: { labels: { set: "x" } } });
    const list = (items: Json[]): Json => ({ apiVersion: "v1", kind: "List", items });
    await ok(context, ["apply", "-f", "-"], list([labelled("a"), labelled("b")]));
    const prune = ["apply", "--prune", "-l", "set=x", "-f", "-"];
    assert.match(await ok(context, prune, list([labelled("a")])), /configmap\/b pruned/);
    expectStatus(await context.api.get(context.path("v1", "configmaps/b")), 404);
  }),
  kubectlCase("applies server-side and reports conflicts", async (context) => {
    const args = ["apply", "--server-side", "-f", "-", "--field-manager"];
    await ok(context, [...args, "one"], configMap("a", { data: { k: "1" } }));
    const refused = await context.kubectl(
      [...args, "two"],
      JSON.stringify(configMap("a", { data: { k: "2" } })),
    );
    assert.notEqual(refused.code, 0);
    assert.match(refused.err, /Apply failed with 1 conflict: conflict with "one": \.data\.k/);
    await ok(context, [...args, "two", "--force-conflicts"], configMap("a", { data: { k: "2" } }));
  }),
  kubectlCase("refuses unknown fields before or at the server", async (context) => {
    const result = await context.kubectl(
      ["apply", "-f", "-"],
      JSON.stringify(configMap("a", { dat: {} })),
    );
    assert.notEqual(result.code, 0);
    assert.match(result.err, /unknown field "dat"/);
  }),
  kubectlCase("shows a difference", async (context) => {
    await ok(context, ["apply", "-f", "-"], configMap("a", { data: { k: "1" } }));
    const result = await context.kubectl(
      ["diff", "-f", "-"],
      JSON.stringify(configMap("a", { data: { k: "2" } })),
    );
    assert.equal(result.code, 1, describeRun(["diff"], result));
    assert.match(result.out, /^\+ {2}k: "2"$/m);
  }),
  kubectlCase("tries a change on the server only", async (context) => {
    const out = await ok(context, ["apply", "--dry-run=server", "-f", "-"], configMap("a"));
    assert.match(out, /server dry run/);
    expectStatus(await context.api.get(context.path("v1", "configmaps/a")), 404);
  }),
  kubectlCase("explains fields", async (context) => {
    const out = await ok(context, ["explain", "deployment.spec.strategy"]);
    assert.match(out, /rollingUpdate/);
  }),
  kubectlCase("gets tables, wide tables and columns of one's own", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    assert.match(
      await ok(context, ["get", "deployments"]),
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE/,
    );
    assert.match(
      await ok(context, ["get", "deployments", "-o", "wide"]),
      /CONTAINERS +IMAGES +SELECTOR/,
    );
    const columns = "custom-columns=N:.metadata.name,R:.spec.replicas";
    assert.match(await ok(context, ["get", "deployments", "-o", columns]), /^N +R\nd +2/);
    assert.match(await ok(context, ["get", "deployments", "-o", "name"]), /^deployment\.apps\/d/);
  }),
  kubectlCase("describes", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    assert.match(
      await ok(context, ["describe", "deployment", "d"]),
      /StrategyType: +RollingUpdate/,
    );
  }),
  kubectlCase("labels, annotates and selects", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a"));
    await ok(context, ["label", "configmap", "a", "x=y"]);
    await ok(context, ["annotate", "configmap", "a", "note=words"]);
    assert.match(
      await ok(context, ["get", "configmap", "-l", "x=y", "-o", "name"]),
      /configmap\/a/,
    );
    await ok(context, ["label", "configmap", "a", "x-"]);
    const { body } = await context.api.get(context.path("v1", "configmaps/a"));
    assert.equal(body.at("metadata", "labels"), undefined);
    assert.equal(body.at("metadata", "annotations", "note"), "words");
  }),
  kubectlCase("scales", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["scale", "deployment", "d", "--replicas=6"]);
    const { body } = await context.api.get(context.path("apps/v1", "deployments/d"));
    assert.equal(body.at("spec", "replicas"), 6);
  }),
  kubectlCase("patches in three ways", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const target = ["patch", "deployment", "d"];
    const containers = [{ name: "main", image: "new:1" }];
    await ok(context, [
      ...target,
      "-p",
      JSON.stringify({ spec: { template: { spec: { containers } } } }),
    ]);
    await ok(context, [...target, "--type=merge", "-p", '{"spec":{"paused":true}}']);
    await ok(context, [
      ...target,
      "--type=json",
      "-p",
      '[{"op":"replace","path":"/spec/replicas","value":9}]',
    ]);
    const { body } = await context.api.get(context.path("apps/v1", "deployments/d"));
    assert.equal(body.at("spec", "template", "spec", "containers", 0, "image"), "new:1");
    assert.equal(body.at("spec", "paused"), true);
    assert.equal(body.at("spec", "replicas"), 9);
  }),
  kubectlCase("waits for a condition and for a deletion", async (context) => {
    const { api, path } = context;
    await ok(context, ["create", "-f", "-"], pod("p"));
    const waiting = ok(context, ["wait", "--for=condition=Ready", "pod/p", "--timeout=10s"]);
    await api.patch(path("v1", "pods/p/status"), "merge", {
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    assert.match(await waiting, /condition met/);
    await ok(context, ["delete", "pod", "p"]);
    expectStatus(await api.get(path("v1", "pods/p")), 404);
  }),
  kubectlCase("follows a rollout", async (context) => {
    const { api, path } = context;
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const following = ok(context, ["rollout", "status", "deployment/d", "--timeout=10s"]);
    const replicas = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
    await api.patch(path("apps/v1", "deployments/d/status"), "merge", {
      status: { observedGeneration: 1, ...replicas },
    });
    assert.match(await following, /successfully rolled out/);
  }),
  kubectlCase("asks what one may do", async (context) => {
    assert.match(await ok(context, ["auth", "can-i", "delete", "pods"]), /^yes/);
    const other = ["auth", "can-i", "delete", "pods", "--as", context.server.outsider.username];
    assert.match((await context.kubectl(other)).out, /^no/);
  }),
  kubectlCase("deletes what has a finalizer and waits until it is released", async (context) => {
    const { api, path } = context;
    await ok(
      context,
      ["create", "-f", "-"],
      configMap("a", { metadata: { finalizers: ["x.example/hold"] } }),
    );
    const deleting = ok(context, ["delete", "configmap", "a", "--timeout=10s"]);
    for (let tries = 0; tries < 100; tries += 1) {
      const { body } = await api.get(path("v1", "configmaps/a"));
      if (body.at("metadata", "deletionTimestamp") !== undefined) break;
    }
    await api.patch(path("v1", "configmaps/a"), "merge", { metadata: { finalizers: null } });
    assert.match(await deleting, /deleted/);
  }),
  kubectlCase("lists the kinds of the server", async (context) => {
    assert.match(
      await ok(context, ["api-resources"]),
      /^deployments +deploy +apps\/v1 +true +Deployment/m,
    );
  }),
];
