import assert from "node:assert/strict";
import { expectStatus } from "../../conformance-case.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { configMap, deployment, service } from "../../manifests.ts";
import { kubectlCase, ok, refused, stored } from "./ask-kubectl.ts";

/** What `kubectl create` makes by itself: newer ones send these as protocol buffer messages. */
export const kubectlCreateCases: readonly ConformanceCase[] = [
  kubectlCase("creates a namespace", async (context) => {
    const name = `${context.word}-two`;
    await ok(context, ["create", "namespace", name]);
    const { body } = expectStatus(await context.api.get(`/api/v1/namespaces/${name}`), 200);
    assert.equal(body.at("status", "phase"), "Active");
  }),
  kubectlCase("creates a config map", async (context) => {
    const literals = ["--from-literal=x=1", "--from-literal=empty=", "--from-literal=ü=ß"];
    assert.match(await refused(context, ["create", "configmap", "a", ...literals]), /ü/);
    await ok(context, ["create", "configmap", "a", ...literals.slice(0, 2)]);
    const body = await stored(context, "v1", "configmaps/a");
    assert.deepEqual(body.at("data"), { x: "1", empty: "" });
  }),
  kubectlCase("creates secrets", async (context) => {
    await ok(context, ["create", "secret", "generic", "s", "--from-literal=p=größe"]);
    const body = await stored(context, "v1", "secrets/s");
    assert.equal(body.at("type"), "Opaque");
    assert.equal(Buffer.from(body.text("data", "p"), "base64").toString(), "größe");
    const registry = ["--docker-server=r.example", "--docker-username=u", "--docker-password=p"];
    await ok(context, ["create", "secret", "docker-registry", "r", ...registry]);
    const other = await stored(context, "v1", "secrets/r");
    assert.equal(other.at("type"), "kubernetes.io/dockerconfigjson");
    assert.match(
      Buffer.from(other.text("data", ".dockerconfigjson"), "base64").toString(),
      /r\.example/,
    );
  }),
  kubectlCase("creates a deployment", async (context) => {
    const args = ["create", "deployment", "d", "--image=nginx:1", "--replicas=0", "--port=80"];
    await ok(context, args);
    const body = await stored(context, "apps/v1", "deployments/d");
    assert.equal(body.at("spec", "replicas"), 0);
    assert.deepEqual(body.at("spec", "selector"), { matchLabels: { app: "d" } });
    assert.deepEqual(body.at("spec", "strategy"), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
    });
    const container = body.at("spec", "template", "spec", "containers", 0) as object;
    assert.deepEqual(
      { ...container, name: "" },
      {
        name: "",
        image: "nginx:1",
        imagePullPolicy: "IfNotPresent",
        ports: [{ containerPort: 80, protocol: "TCP" }],
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      },
    );
  }),
  kubectlCase("creates a job", async (context) => {
    await ok(context, ["create", "job", "j", "--image=busybox", "--", "sh", "-c", "echo 1"]);
    const body = await stored(context, "batch/v1", "jobs/j");
    assert.equal(body.at("spec", "backoffLimit"), 6);
    const command = body.at("spec", "template", "spec", "containers", 0, "command");
    assert.deepEqual(command, ["sh", "-c", "echo 1"]);
  }),
  kubectlCase("creates roles and their bindings", async (context) => {
    await ok(context, [
      "create",
      "role",
      "r",
      "--verb=get,list",
      "--resource=pods,deployments.apps",
    ]);
    assert.deepEqual(
      (await stored(context, "rbac.authorization.k8s.io/v1", "roles/r")).at("rules"),
      [
        { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
        { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list"] },
      ],
    );
    const subjects = ["--serviceaccount=ns:sa", "--user=u", "--group=g"];
    await ok(context, ["create", "rolebinding", "rb", "--role=r", ...subjects]);
    const binding = await stored(context, "rbac.authorization.k8s.io/v1", "rolebindings/rb");
    assert.deepEqual(binding.at("subjects"), [
      { kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" },
      { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "g" },
      { kind: "ServiceAccount", name: "sa", namespace: "ns" },
    ]);
  }),
  kubectlCase("creates cluster roles and their bindings", async (context) => {
    const { word, api } = context;
    await ok(context, ["create", "clusterrole", word, "--verb=get", "--non-resource-url=/x/*"]);
    await ok(context, ["create", "clusterrolebinding", word, `--clusterrole=${word}`, "--user=u"]);
    const root = "/apis/rbac.authorization.k8s.io/v1";
    const { body } = await api.get(`${root}/clusterrolebindings/${word}`);
    assert.equal(body.at("roleRef", "name"), word);
    await ok(context, ["delete", "clusterrole,clusterrolebinding", word]);
    expectStatus(await api.get(`${root}/clusterroles/${word}`), 404);
  }),
  kubectlCase("creates services", async (context) => {
    await ok(context, ["create", "service", "clusterip", "a", "--tcp=80:8080"]);
    const body = await stored(context, "v1", "services/a");
    assert.equal(body.at("spec", "type"), "ClusterIP");
    assert.deepEqual(body.at("spec", "ports"), [
      { name: "80-8080", port: 80, protocol: "TCP", targetPort: 8080 },
    ]);
    await ok(context, ["create", "service", "nodeport", "b", "--tcp=80:http"]);
    const node = await stored(context, "v1", "services/b");
    assert.equal(node.at("spec", "ports", 0, "targetPort"), "http");
    assert.equal(typeof node.at("spec", "ports", 0, "nodePort"), "number");
    await ok(context, ["create", "service", "externalname", "c", "--external-name=x.example"]);
    const external = await stored(context, "v1", "services/c");
    assert.equal(external.at("spec", "externalName"), "x.example");
    assert.equal(external.at("spec", "clusterIP"), undefined);
  }),
  kubectlCase("creates a quota", async (context) => {
    await ok(context, ["create", "quota", "q", "--hard=pods=3,requests.cpu=1500m,memory=1024Mi"]);
    const body = await stored(context, "v1", "resourcequotas/q");
    assert.deepEqual(body.at("spec", "hard"), {
      pods: "3",
      "requests.cpu": "1500m",
      memory: "1Gi",
    });
  }),
  kubectlCase("creates a service account and a priority class", async (context) => {
    await ok(context, ["create", "serviceaccount", "sa"]);
    await stored(context, "v1", "serviceaccounts/sa");
    await ok(context, ["create", "priorityclass", context.word, "--value=-5"]);
    const root = "/apis/scheduling.k8s.io/v1/priorityclasses";
    const { body } = expectStatus(await context.api.get(`${root}/${context.word}`), 200);
    assert.equal(body.at("value"), -5);
  }),
  kubectlCase("creates an ingress", async (context) => {
    await ok(context, ["create", "ingress", "i", "--rule=foo.example/bar=svc:80,tls=cert"]);
    const body = await stored(context, "networking.k8s.io/v1", "ingresses/i");
    assert.deepEqual(body.at("spec", "rules", 0, "http", "paths", 0), {
      path: "/bar",
      pathType: "Exact",
      backend: { service: { name: "svc", port: { number: 80 } } },
    });
    assert.deepEqual(body.at("spec", "tls"), [{ hosts: ["foo.example"], secretName: "cert" }]);
  }),
  kubectlCase("runs a pod", async (context) => {
    const args = ["run", "p", "--image=nginx", "--env=A=b", "--labels=x=y", "--restart=Never"];
    await ok(context, [...args, "--", "one", "two"]);
    const body = await stored(context, "v1", "pods/p");
    assert.deepEqual(body.at("metadata", "labels"), { x: "y" });
    assert.equal(body.at("spec", "restartPolicy"), "Never");
    assert.deepEqual(body.at("spec", "containers", 0, "args"), ["one", "two"]);
    assert.deepEqual(body.at("spec", "containers", 0, "env"), [{ name: "A", value: "b" }]);
    assert.equal(body.at("status", "qosClass"), "BestEffort");
  }),
  kubectlCase("exposes a deployment", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["expose", "deployment", "d", "--port=80", "--target-port=8080"]);
    const body = await stored(context, "v1", "services/d");
    assert.deepEqual(body.at("spec", "selector"), { app: "d" });
    assert.equal(body.at("spec", "ports", 0, "targetPort"), 8080);
  }),
  kubectlCase("scales a deployment by itself", async (context) => {
    await ok(context, ["create", "-f", "-"], deployment("d"));
    await ok(context, ["autoscale", "deployment", "d", "--min=1", "--max=3", "--cpu-percent=70"]);
    const body = await stored(context, "autoscaling/v1", "horizontalpodautoscalers/d");
    assert.deepEqual(body.at("spec"), {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
      minReplicas: 1,
      maxReplicas: 3,
      targetCPUUtilizationPercentage: 70,
    });
    assert.match(
      await ok(context, ["get", "hpa"]),
      /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nd +Deployment\/d +(cpu: )?<unknown>\/70% +1 +3 +0/,
    );
  }),
  kubectlCase("says that a thing is already there", async (context) => {
    await ok(context, ["create", "configmap", "a"]);
    assert.match(
      await refused(context, ["create", "configmap", "a"]),
      /configmaps "a" already exists/,
    );
    await ok(context, ["create", "-f", "-"], service("s"));
    assert.match(
      await refused(context, ["create", "-f", "-"], configMap("a")),
      /AlreadyExists.*configmaps "a" already exists/,
    );
  }),
  kubectlCase("says what a server finds wrong", async (context) => {
    const complaint = await refused(context, ["create", "serviceaccount", "Not_A_Name"]);
    assert.match(complaint, /ServiceAccount "Not_A_Name" is invalid|lowercase RFC 1123 subdomain/);
  }),
];
