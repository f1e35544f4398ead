import assert from "node:assert/strict";
import type { Json } from "../../api-client.ts";
import { eventually } from "../../conformance-case.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { claim, configMap, deployment, pod, service } from "../../manifests.ts";
import { kubectlCase, ok, refused, stored } from "./ask-kubectl.ts";

/** Getting and printing. */
export const kubectlReadCases: readonly ConformanceCase[] = [
  kubectlCase("gets tables, wide tables and names", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    assert.match(
      await ok(context, ["get", "deployments"]),
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nd +0\/2 +0 +0 +\d+m?s\n$/,
    );
    assert.match(
      await ok(context, ["get", "deployments", "-o", "wide"]),
      /CONTAINERS +IMAGES +SELECTOR\n.* main +registry.example\/app:1 +app=d\n$/,
    );
    assert.equal(await ok(context, ["get", "deployments", "-o", "name"]), "deployment.apps/d\n");
    assert.match(await ok(context, ["get", "deploy", "--show-labels"]), / app=d\n$/);
    assert.match(await ok(context, ["get", "deploy", "-L", "app"]), /APP\nd .* d\n$/);
    assert.match(await ok(context, ["get", "deploy", "--no-headers"]), /^d +0\/2/);
  }),
  kubectlCase("gets columns of one's own", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const columns = "custom-columns=N:.metadata.name,R:.spec.replicas,X:.spec.nope,I:..image";
    assert.equal(
      (await ok(context, ["get", "deployments", "-o", columns])).replaceAll(/ +/g, " "),
      "N R X I\nd 2 <none> registry.example/app:1\n",
    );
  }),
  kubectlCase("gets by JSON path and by template", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a", { data: { k: "1" } }));
    await ok(context, ["create", "-f", "-"], configMap("b", { data: { k: "2" } }));
    const select = ["get", "configmaps", "--field-selector=metadata.name!=kube-root-ca.crt"];
    const range = 'jsonpath={range .items[*]}{.metadata.name}={.data.k}{"\\n"}{end}';
    assert.equal(await ok(context, [...select, "-o", range]), "a=1\nb=2\n");
    const filter = 'jsonpath={.items[?(@.data.k=="2")].metadata.name}';
    assert.equal(await ok(context, [...select, "-o", filter]), "b");
    const template = "go-template={{range .items}}{{.metadata.name}};{{end}}";
    assert.equal(await ok(context, [...select, "-o", template]), "a;b;");
    assert.equal(await ok(context, ["get", "cm/a", "--template={{.kind}}"]), "ConfigMap");
  }),
  kubectlCase("gets JSON and YAML that can be created again", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    for (const form of ["json", "yaml"]) {
      const text = await ok(context, ["get", "deployment", "d", "-o", form]);
      await ok(context, ["delete", "deployment", "d"]);
      // An object brings its old version along, which a server takes for a mistake: kubectl drops none of it.
      const clean = text.replaceAll(/^.*"?resourceVersion"?:.*\n/gm, "");
      const result = await context.kubectl(["create", "-f", "-"], clean);
      assert.equal(result.code, 0, result.err);
    }
  }),
  kubectlCase("sorts, and gets several kinds at once", async (context) => {
    for (const name of ["b", "a"]) await ok(context, ["create", "-f", "-"], service(name));
    const sorted = await ok(context, ["get", "svc", "--sort-by=.metadata.name", "-o", "name"]);
    assert.equal(sorted, "service/a\nservice/b\n");
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const both = await ok(context, ["get", "svc,deploy", "-o", "name"]);
    assert.equal(both, "service/a\nservice/b\ndeployment.apps/d\n");
    assert.match(
      await ok(context, ["get", "all"]),
      /^service\/a .*\n[\s\S]*^deployment\.apps\/d /m,
    );
  }),
  kubectlCase("gets in chunks", async (context) => {
    const items = Array.from({ length: 7 }, (_, index) => service(`s${index}`));
    await ok(context, ["create", "-f", "-"], { apiVersion: "v1", kind: "List", items });
    const chunked = await ok(context, ["get", "services", "--chunk-size=2", "-o", "name"]);
    assert.equal(chunked, items.map((_, index) => `service/s${index}\n`).join(""));
    const table = await ok(context, ["get", "services", "--chunk-size=3"]);
    assert.equal(table.trim().split("\n").length, 8);
  }),
  kubectlCase("says that nothing is there", async (context) => {
    const nothing = await context.kubectl(["get", "pods"]);
    assert.match(nothing.err, /^No resources found in .* namespace\./);
    assert.match(await refused(context, ["get", "pod", "p"]), /\(NotFound\): pods "p" not found/);
    assert.equal(await ok(context, ["get", "pod", "p", "--ignore-not-found"]), "");
    assert.match(
      await refused(context, ["get", "nopes"]),
      /the server doesn't have a resource type "nopes"/,
    );
  }),
  kubectlCase("gets through raw paths", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a"));
    const text = await ok(context, ["get", "--raw", context.path("v1", "configmaps/a")]);
    assert.equal((JSON.parse(text) as Json)["kind"], "ConfigMap");
    assert.equal(await ok(context, ["get", "--raw", "/readyz"]), "ok");
  }),
  kubectlCase("describes a deployment", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const out = await ok(context, ["describe", "deployment", "d"]);
    assert.match(out, /^Replicas: +2 desired \| 0 updated \| 0 total \| 0 available/m);
    assert.match(out, /^StrategyType: +RollingUpdate/m);
    assert.match(out, /^ {4}Image: +registry.example\/app:1/m);
  }),
  kubectlCase("describes a pod with its events", async (context) => {
    const { namespace, path } = context;
    await ok(context, ["create", "-f", "-"], pod("p"));
    const uid = (await stored(context, "v1", "pods/p")).at("metadata", "uid");
    await context.api.post(path("v1", "events"), {
      metadata: { name: "p.1" },
      involvedObject: { apiVersion: "v1", kind: "Pod", name: "p", namespace, uid },
      reason: "Tired",
      message: "does not feel like it",
      type: "Warning",
      source: { component: "conformance" },
    });
    const out = await ok(context, ["describe", "pod", "p"]);
    assert.match(out, /^QoS Class: +BestEffort/m);
    assert.match(out, /^Node-Selectors: +<none>/m);
    assert.match(out, /Warning +Tired .* conformance +does not feel like it/);
    assert.match(await ok(context, ["get", "events"]), /Warning +Tired +pod\/p +does not feel/);
  }),
  kubectlCase("describes services, claims and secrets", async (context) => {
    await ok(context, ["create", "-f", "-"], service("s"));
    const out = await ok(context, ["describe", "service", "s"]);
    assert.match(out, /^Selector: +app=s/m);
    assert.match(out, /^Endpoints: *(<none>)?$/m);
    await ok(context, ["create", "-f", "-"], claim("c"));
    assert.match(await ok(context, ["describe", "pvc", "c"]), /^Status: +Pending/m);
    await ok(context, ["create", "secret", "generic", "x", "--from-literal=p=four"]);
    assert.match(await ok(context, ["describe", "secret", "x"]), /^p: +4 bytes/m);
  }),
  kubectlCase("describes a quota and its use", async (context) => {
    await ok(context, ["create", "quota", "q", "--hard=pods=3"]);
    await eventually(async () => {
      assert.match(await ok(context, ["describe", "quota", "q"]), /^pods +0 +3$/m);
    });
    assert.match(await ok(context, ["get", "quota"]), /pods: 0\/3/);
  }),
  kubectlCase("describes a namespace and a role", async (context) => {
    const out = await ok(context, ["describe", "namespace", context.namespace]);
    assert.match(out, /^Status: +Active/m);
    await ok(context, ["create", "role", "r", "--verb=get", "--resource=pods"]);
    assert.match(await ok(context, ["describe", "role", "r"]), /^ +pods +\[\] +\[\] +\[get\]/m);
  }),
];
