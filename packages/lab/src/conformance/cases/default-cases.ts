import assert from "node:assert/strict";
import type { Body, Json } from "../api-client.ts";
import { expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap, deployment, pod } from "../manifests.ts";

type Default = {
  readonly name: string;
  readonly at: readonly [apiVersion: string, plural: string];
  readonly body: Json;
  readonly check: (created: Body) => void;
};

const C = { name: "m", image: "a:1" };
const HTTP = { httpGet: { port: 80 } };
const TEMPLATE = { metadata: { labels: { a: "b" } }, spec: { containers: [C] } };
const SELECTED = { selector: { matchLabels: { a: "b" } }, template: TEMPLATE };

const DEFAULTS: readonly Default[] = [
  {
    name: "shows a status that nobody wrote yet",
    at: ["apps/v1", "deployments"],
    body: deployment("d"),
    check: (body) => assert.deepEqual(body.at("status"), {}),
  },
  {
    name: "counts no replicas of a new set",
    at: ["apps/v1", "replicasets"],
    body: { metadata: { name: "r" }, spec: SELECTED },
    check: (body) => assert.equal(body.at("status", "replicas"), 0),
  },
  {
    name: "counts no pods of a new daemon set, and the generations of its template",
    at: ["apps/v1", "daemonsets"],
    body: { metadata: { name: "d" }, spec: SELECTED },
    check: (body) => {
      assert.equal(body.at("status", "desiredNumberScheduled"), 0);
      assert.equal(body.at("status", "numberReady"), 0);
      const key = "deprecated.daemonset.template.generation";
      assert.equal(body.at("metadata", "annotations", key), "1");
    },
  },
  {
    name: "counts no replicas of a new stateful set",
    at: ["apps/v1", "statefulsets"],
    body: { metadata: { name: "s" }, spec: { serviceName: "s", ...SELECTED } },
    check: (body) => assert.equal(body.at("status", "replicas"), 0),
  },
  {
    name: "labels a job as its pods",
    at: ["batch/v1", "jobs"],
    body: {
      metadata: { name: "j" },
      spec: { template: { spec: { restartPolicy: "Never", containers: [C] } } },
    },
    check: (body) => assert.equal(body.at("metadata", "labels", "job-name"), "j"),
  },
  {
    name: "fills in where a hook before the end is asked",
    at: ["v1", "pods"],
    body: pod("p", { containers: [{ ...C, lifecycle: { preStop: HTTP } }] }),
    check: (body) => {
      const hook = body.at("spec", "containers", 0, "lifecycle", "preStop", "httpGet");
      assert.deepEqual(hook, { path: "/", port: 80, scheme: "HTTP" });
    },
  },
  {
    name: "writes the times of an event though it has none",
    at: ["v1", "events"],
    body: { metadata: { name: "e" }, involvedObject: { kind: "Pod", namespace: "NAMESPACE" } },
    check: (body) => {
      assert.equal(body.at("lastTimestamp"), null);
      assert.equal(body.at("eventTime"), null);
      assert.deepEqual(body.at("source"), {});
    },
  },
  {
    name: "asks for what a limit range allows",
    at: ["v1", "limitranges"],
    body: {
      metadata: { name: "l" },
      spec: { limits: [{ type: "Container", default: { cpu: "100m" } }] },
    },
    check: (body) => assert.equal(body.at("spec", "limits", 0, "defaultRequest", "cpu"), "100m"),
  },
  {
    name: "gives the ports of endpoints a protocol",
    at: ["v1", "endpoints"],
    body: {
      metadata: { name: "e" },
      subsets: [{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 1 }] }],
    },
    check: (body) => assert.equal(body.at("subsets", 0, "ports", 0, "protocol"), "TCP"),
  },
  {
    name: "takes a network policy to be about what comes in",
    at: ["networking.k8s.io/v1", "networkpolicies"],
    body: { metadata: { name: "n" }, spec: { podSelector: {} } },
    check: (body) => assert.deepEqual(body.at("spec", "policyTypes"), ["Ingress"]),
  },
  {
    name: "scales down to one at least",
    at: ["autoscaling/v1", "horizontalpodautoscalers"],
    body: {
      metadata: { name: "h" },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
      },
    },
    check: (body) => {
      assert.equal(body.at("spec", "minReplicas"), 1);
      assert.equal(body.at("status", "desiredReplicas"), 0);
    },
  },
];

/** What the server fills in. */
export const defaultCases: readonly ConformanceCase[] = [
  ...DEFAULTS.map(({ name, at: [apiVersion, plural], body, check }) => ({
    name,
    run: async ({ api, path, namespace }: Parameters<ConformanceCase["run"]>[0]) => {
      const text = JSON.stringify(body).replaceAll("NAMESPACE", namespace);
      check(expectStatus(await api.post(path(apiVersion, plural), text), 201).body);
    },
  })),
  {
    name: "repeats a pod's address in the list of its addresses",
    async run({ api, path }) {
      await api.post(path("v1", "pods"), pod("p"));
      const status = { podIP: "10.1.2.3" };
      const { body } = await api.patch(path("v1", "pods/p/status"), "merge", { status });
      assert.deepEqual(body.at("status", "podIPs"), [{ ip: "10.1.2.3" }]);
    },
  },
  {
    name: "keeps the fields of a map it was given with null as empty text",
    async run({ api, path }) {
      const { body } = expectStatus(
        await api.post(path("v1", "configmaps"), configMap("a", { data: { k: null } })),
        201,
      );
      assert.deepEqual(body.at("data"), { k: "" });
    },
  },
];
