import assert from "node:assert/strict";
import { expectStatus } from "../../conformance-case.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { configMap, deployment, pod, service } from "../../manifests.ts";
import { kubectlCase, ok, refused, stored } from "./ask-kubectl.ts";

/** Changing what is there. */
export const kubectlChangeCases: readonly ConformanceCase[] = [
  kubectlCase("labels, annotates and selects", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a"));
    await ok(context, ["label", "configmap", "a", "x=y"]);
    assert.match(
      await refused(context, ["label", "configmap", "a", "x=z"]),
      /--overwrite is false/,
    );
    await ok(context, ["label", "configmap", "a", "x=z", "--overwrite"]);
    await ok(context, ["annotate", "configmap", "a", "note=words"]);
    const found = await ok(context, ["get", "configmap", "-l", "x in (z)", "-o", "name"]);
    assert.equal(found, "configmap/a\n");
    await ok(context, ["label", "configmap", "a", "x-"]);
    const body = await stored(context, "v1", "configmaps/a");
    assert.equal(body.at("metadata", "labels"), undefined);
    assert.equal(body.at("metadata", "annotations", "note"), "words");
  }),
  kubectlCase("refuses a label that is none", async (context) => {
    await ok(context, ["create", "-f", "-"], configMap("a"));
    assert.match(
      await refused(context, ["label", "configmap", "a", "x=a b"]),
      /invalid label value/,
    );
  }),
  kubectlCase("scales", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["scale", "deployment", "d", "--replicas=6"]);
    const body = await stored(context, "apps/v1", "deployments/d");
    assert.equal(body.at("spec", "replicas"), 6);
  }),
  kubectlCase("scales to nothing", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["scale", "deployment", "d", "--replicas=0"]);
    assert.equal((await stored(context, "apps/v1", "deployments/d")).at("spec", "replicas"), 0);
  }),
  kubectlCase("scales only from what it expects", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const scale = ["scale", "deployment", "d", "--replicas=6"];
    const complaint = await refused(context, [...scale, "--current-replicas=4"]);
    assert.match(complaint, /Expected replicas to be 4, was 2/);
    await ok(context, [...scale, "--current-replicas=2"]);
  }),
  kubectlCase("patches in three ways", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const target = ["patch", "deployment", "d"];
    const containers = [{ name: "main", image: "new:1" }];
    const strategic = JSON.stringify({ spec: { template: { spec: { containers } } } });
    await ok(context, [...target, "-p", strategic]);
    await ok(context, [...target, "--type=merge", "-p", '{"spec":{"paused":true}}']);
    const steps = '[{"op":"replace","path":"/spec/replicas","value":9}]';
    await ok(context, [...target, "--type=json", "-p", steps]);
    const body = await stored(context, "apps/v1", "deployments/d");
    assert.equal(body.at("spec", "template", "spec", "containers", 0, "image"), "new:1");
    assert.equal(
      body.at("spec", "template", "spec", "containers", 0, "imagePullPolicy"),
      "IfNotPresent",
    );
    assert.equal(body.at("spec", "paused"), true);
    assert.equal(body.at("spec", "replicas"), 9);
    assert.match(await ok(context, [...target, "-p", strategic]), /no change/);
  }),
  kubectlCase("sets the parts of a workload", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["set", "image", "deployment/d", "main=nginx:2"]);
    await ok(context, ["set", "env", "deployment/d", "A=B"]);
    await ok(context, ["set", "resources", "deployment/d", "--limits=cpu=200m,memory=512Mi"]);
    await ok(context, ["set", "serviceaccount", "deployment/d", "sa"]);
    const body = await stored(context, "apps/v1", "deployments/d");
    const container = body.at("spec", "template", "spec", "containers", 0) as object;
    assert.deepEqual(container, {
      name: "main",
      image: "nginx:2",
      // It is worked out once, when the container is new.
      imagePullPolicy: "IfNotPresent",
      env: [{ name: "A", value: "B" }],
      resources: { limits: { cpu: "200m", memory: "512Mi" } },
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    });
    assert.equal(body.at("spec", "template", "spec", "serviceAccountName"), "sa");
  }),
  kubectlCase("sets the selector of a service and the subject of a binding", async (context) => {
    await ok(context, ["create", "-f", "-"], service("s"));
    await ok(context, ["set", "selector", "service", "s", "a=b"]);
    assert.deepEqual((await stored(context, "v1", "services/s")).at("spec", "selector"), {
      a: "b",
    });
    await ok(context, ["create", "rolebinding", "rb", "--role=r", "--user=u"]);
    await ok(context, ["set", "subject", "rolebinding", "rb", "--user=v"]);
    const body = await stored(context, "rbac.authorization.k8s.io/v1", "rolebindings/rb");
    assert.equal(body.list("subjects").length, 2);
  }),
  kubectlCase("counts changes of a deployment's annotations", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["annotate", "deployment/d", "a=b"]);
    await ok(context, ["label", "deployment/d", "a=b"]);
    const body = await stored(context, "apps/v1", "deployments/d");
    assert.equal(body.at("metadata", "generation"), 2);
  }),
  kubectlCase("pauses, resumes and restarts a rollout", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["rollout", "pause", "deployment/d"]);
    assert.match(await refused(context, ["rollout", "pause", "deployment/d"]), /already paused/);
    assert.match(await refused(context, ["rollout", "restart", "deployment/d"]), /paused/);
    await ok(context, ["rollout", "resume", "deployment/d"]);
    await ok(context, ["rollout", "restart", "deployment/d"]);
    const body = await stored(context, "apps/v1", "deployments/d");
    const annotations = body.at("spec", "template", "metadata", "annotations") as object;
    assert.deepEqual(Object.keys(annotations), ["kubectl.kubernetes.io/restartedAt"]);
  }),
  kubectlCase("has no history of what never ran", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    const history = await ok(context, ["rollout", "history", "deployment/d"]);
    assert.match(history, /No rollout history found/i);
    const complaint = await refused(context, ["rollout", "undo", "deployment/d"]);
    assert.match(complaint, /no rollout history found/);
  }),
  kubectlCase("deletes what has a finalizer and waits until it is released", async (context) => {
    const { api, path } = context;
    const held = configMap("a", { metadata: { finalizers: ["x.example/hold"] } });
    await ok(context, ["create", "-f", "-"], held);
    const deleting = ok(context, ["delete", "configmap", "a", "--timeout=10s"]);
    for (let tries = 0; tries < 500; tries += 1) {
      const { body } = await api.get(path("v1", "configmaps/a"));
      if (body.at("metadata", "deletionTimestamp") !== undefined) break;
    }
    await api.patch(path("v1", "configmaps/a"), "merge", { metadata: { finalizers: null } });
    assert.match(await deleting, /deleted/);
    expectStatus(await api.get(path("v1", "configmaps/a")), 404);
  }),
  kubectlCase("deletes without waiting for finalizers", async (context) => {
    const held = configMap("a", { metadata: { finalizers: ["x.example/hold"] } });
    await ok(context, ["create", "-f", "-"], held);
    assert.match(await ok(context, ["delete", "configmap", "a", "--wait=false"]), /deleted/);
    const body = await stored(context, "v1", "configmaps/a");
    assert.notEqual(body.at("metadata", "deletionTimestamp"), undefined);
    const release = ["patch", "configmap", "a", "--type=json"];
    await ok(context, [...release, "-p", '[{"op":"remove","path":"/metadata/finalizers"}]']);
    expectStatus(await context.api.get(context.path("v1", "configmaps/a")), 404);
  }),
  kubectlCase("deletes by label, by file and everything", async (context) => {
    const { api, path } = context;
    const labelled = configMap("a", { metadata: { labels: { x: "y" } } });
    for (const one of [labelled, configMap("b"), configMap("c")]) {
      await ok(context, ["create", "-f", "-"], one);
    }
    await ok(context, ["delete", "configmaps", "-l", "x=y"]);
    expectStatus(await api.get(path("v1", "configmaps/a")), 404);
    await ok(context, ["delete", "-f", "-"], configMap("b"));
    expectStatus(await api.get(path("v1", "configmaps/b")), 404);
    await ok(context, ["delete", "configmaps", "--all"]);
    expectStatus(await api.get(path("v1", "configmaps/c")), 404);
    assert.match(await refused(context, ["delete", "configmap", "c"]), /configmaps "c" not found/);
    await ok(context, ["delete", "configmap", "c", "--ignore-not-found"]);
  }),
  kubectlCase("deletes a pod at once", async (context) => {
    await ok(context, ["create", "-f", "-"], pod("p"));
    await ok(context, ["delete", "pod", "p", "--now"]);
    expectStatus(await context.api.get(context.path("v1", "pods/p")), 404);
  }),
  kubectlCase("leaves dependents where it is told to", async (context) => {
    const { api, path } = context;
    await ok(context, ["create", "-f", "-"], configMap("owner"));
    const owner = await stored(context, "v1", "configmaps/owner");
    const reference = {
      apiVersion: "v1",
      kind: "ConfigMap",
      name: "owner",
      uid: owner.text("metadata", "uid"),
    };
    const dependent = configMap("dependent", { metadata: { ownerReferences: [reference] } });
    await ok(context, ["create", "-f", "-"], dependent);
    await ok(context, ["delete", "configmap", "owner", "--cascade=false"]).catch(() =>
      ok(context, ["delete", "configmap", "owner", "--cascade=orphan"]),
    );
    expectStatus(await api.get(path("v1", "configmaps/owner")), 404);
    expectStatus(await api.get(path("v1", "configmaps/dependent")), 200);
  }),
];
