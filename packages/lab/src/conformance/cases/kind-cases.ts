import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { claim, deployment, service } from "../manifests.ts";

/** What is particular to builtin kinds: defaults, allocation, validation, subresources. */
export const kindCases: readonly ConformanceCase[] = [
  {
    name: "fills in a deployment's defaults",
    async run({ api, path }) {
      const { body } = expectStatus(
        await api.post(path("apps/v1", "deployments"), deployment("d", { replicas: undefined })),
        201,
      );
      assert.equal(body.at("spec", "replicas"), 1);
      assert.equal(body.at("spec", "progressDeadlineSeconds"), 600);
      assert.equal(body.at("spec", "revisionHistoryLimit"), 10);
      assert.deepEqual(body.at("spec", "strategy"), {
        type: "RollingUpdate",
        rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" },
      });
      assert.equal(body.at("metadata", "generation"), 1);
    },
  },
  {
    name: "refuses a deployment whose selector does not match its template",
    async run({ api, path }) {
      const answer = await api.post(
        path("apps/v1", "deployments"),
        deployment("d", { selector: { matchLabels: { app: "x" } } }),
      );
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /spec\.template\.metadata\.labels: Invalid value: .*`selector` does not match template `labels`/,
      });
    },
  },
  {
    name: "does not let a selector change",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const labels = { app: "d", more: "x" };
      const patch = {
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
      };
      const answer = await api.patch(path("apps/v1", "deployments/d"), "merge", patch);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /spec\.selector: Invalid value: .*field is immutable/,
      });
    },
  },
  {
    name: "counts a deployment's generations",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const same = await api.patch(path("apps/v1", "deployments/d"), "merge", {
        metadata: { labels: { a: "b" } },
      });
      assert.equal(same.body.at("metadata", "generation"), 1);
      const next = await api.patch(path("apps/v1", "deployments/d"), "merge", {
        spec: { replicas: 5 },
      });
      assert.equal(next.body.at("metadata", "generation"), 2);
    },
  },
  {
    name: "scales a deployment through its scale",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), deployment("d"));
      const scale = expectStatus(await api.get(path("apps/v1", "deployments/d/scale")), 200);
      assert.equal(scale.body.at("status", "selector"), "app=d");
      const next = { ...(scale.body.value as Json), spec: { replicas: 7 } };
      expectStatus(await api.put(path("apps/v1", "deployments/d/scale"), next), 200);
      assert.equal(
        (await api.get(path("apps/v1", "deployments/d"))).body.at("spec", "replicas"),
        7,
      );
    },
  },
  {
    name: "keeps status apart from the spec of a deployment",
    async run({ api, path }) {
      await api.post(path("apps/v1", "deployments"), {
        ...deployment("d"),
        status: { replicas: 9 },
      });
      assert.notEqual(
        (await api.get(path("apps/v1", "deployments/d"))).body.at("status", "replicas"),
        9,
      );
      await api.patch(path("apps/v1", "deployments/d/status"), "merge", {
        status: { replicas: 3 },
        spec: { replicas: 9 },
      });
      const { body } = await api.get(path("apps/v1", "deployments/d"));
      assert.equal(body.at("status", "replicas"), 3);
      assert.equal(body.at("spec", "replicas"), 2);
    },
  },
  {
    name: "does not let a stateful set change its claims",
    async run({ api, path }) {
      const spec = { ...(deployment("s")["spec"] as Json), serviceName: "s" };
      const set = { metadata: { name: "s" }, spec };
      expectStatus(await api.post(path("apps/v1", "statefulsets"), set), 201);
      const patch = { spec: { serviceName: "other" } };
      const answer = await api.patch(path("apps/v1", "statefulsets/s"), "merge", patch);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /updates to statefulset spec for fields other than/,
      });
    },
  },
  {
    name: "gives a service a cluster IP of its own and keeps it",
    async run({ api, path }) {
      const { body } = expectStatus(await api.post(path("v1", "services"), service("s")), 201);
      assert.match(body.text("spec", "clusterIP"), /^\d+\.\d+\.\d+\.\d+$/);
      assert.equal(body.at("spec", "type"), "ClusterIP");
      assert.equal(body.at("spec", "ports", 0, "targetPort"), 80);
      assert.equal(body.at("spec", "ports", 0, "protocol"), "TCP");
      const other = await api.post(path("v1", "services"), service("t"));
      assert.notEqual(other.body.at("spec", "clusterIP"), body.at("spec", "clusterIP"));
      const answer = await api.patch(path("v1", "services/s"), "merge", {
        spec: { clusterIP: "10.9.8.7", clusterIPs: ["10.9.8.7"] },
      });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /spec\.clusterIPs?(\[0\])?: Invalid value: .*(may not change once set|field is immutable)/,
      });
    },
  },
  {
    name: "gives a node port and takes it away with the type",
    async run({ api, path }) {
      const { body } = await api.post(path("v1", "services"), service("s", { type: "NodePort" }));
      const port = Number(body.at("spec", "ports", 0, "nodePort"));
      assert.ok(port >= 30000 && port <= 32767);
      const taken = await api.post(
        path("v1", "services"),
        service("t", { type: "NodePort", ports: [{ port: 80, nodePort: port }] }),
      );
      expectRefusal(taken, {
        code: 422,
        reason: "Invalid",
        message:
          /spec\.ports\[0\]\.nodePort: Invalid value: \d+: provided port is already allocated/,
      });
    },
  },
  {
    name: "leaves a headless service without an address",
    async run({ api, path }) {
      const { body } = expectStatus(
        await api.post(path("v1", "services"), service("s", { clusterIP: "None" })),
        201,
      );
      assert.equal(body.at("spec", "clusterIP"), "None");
    },
  },
  {
    name: "refuses a service without ports, and two ports without names",
    async run({ api, path }) {
      const none = await api.post(path("v1", "services"), service("s", { ports: [] }));
      expectRefusal(none, { code: 422, reason: "Invalid", message: /spec\.ports: Required value/ });
      const two = await api.post(
        path("v1", "services"),
        service("s", { ports: [{ port: 80 }, { port: 81 }] }),
      );
      expectRefusal(two, {
        code: 422,
        reason: "Invalid",
        message: /spec\.ports\[0\]\.name: Required value/,
      });
    },
  },
  {
    name: "keeps a claim's spec as it is, but lets it grow",
    async run({ api, path }) {
      const { body } = expectStatus(
        await api.post(path("v1", "persistentvolumeclaims"), claim("c")),
        201,
      );
      assert.equal(body.at("spec", "volumeMode"), "Filesystem");
      assert.equal(body.at("status", "phase"), "Pending");
      const modes = await api.patch(path("v1", "persistentvolumeclaims/c"), "merge", {
        spec: { accessModes: ["ReadWriteMany"] },
      });
      expectRefusal(modes, {
        code: 422,
        reason: "Invalid",
        message: /spec: Forbidden: spec is immutable after creation except resources\.requests/,
      });
    },
  },
  {
    name: "refuses a claim without a size or with an unknown access mode",
    async run({ api, path }) {
      const size = await api.post(
        path("v1", "persistentvolumeclaims"),
        claim("c", { resources: {} }),
      );
      expectRefusal(size, {
        code: 422,
        reason: "Invalid",
        message: /spec\.resources\[storage\]: Required value/,
      });
      const mode = await api.post(
        path("v1", "persistentvolumeclaims"),
        claim("c", { accessModes: ["Sometimes"] }),
      );
      expectRefusal(mode, {
        code: 422,
        reason: "Invalid",
        message: /spec\.accessModes: Unsupported value: "Sometimes"/,
      });
    },
  },
  {
    name: "labels a namespace with its name and calls it active",
    since: "1.21",
    async run({ api, namespace }) {
      const { body } = expectStatus(await api.get(`/api/v1/namespaces/${namespace}`), 200);
      assert.equal(body.at("metadata", "labels", "kubernetes.io/metadata.name"), namespace);
      assert.deepEqual(body.at("spec", "finalizers"), ["kubernetes"]);
      assert.equal(body.at("status", "phase"), "Active");
    },
  },
  {
    name: "gives every namespace a service account and the root certificate",
    needs: "controllers",
    async run({ api, path, server }) {
      await eventually(async () => {
        expectStatus(await api.get(path("v1", "serviceaccounts/default")), 200);
        const map = expectStatus(await api.get(path("v1", "configmaps/kube-root-ca.crt")), 200);
        assert.equal(map.body.at("data", "ca.crt"), server.caPem);
      });
    },
  },
  {
    name: "shows one event in both of its groups",
    async run({ api, path, namespace }) {
      const involvedObject = { kind: "Pod", namespace, name: "p" };
      const event = {
        metadata: { name: "e" },
        involvedObject,
        reason: "Because",
        message: "words",
        type: "Normal",
      };
      expectStatus(await api.post(path("v1", "events"), event), 201);
      const { body } = expectStatus(await api.get(path("events.k8s.io/v1", "events/e")), 200);
      assert.equal(body.at("note"), "words");
      assert.equal(body.at("regarding", "name"), "p");
      const found = await api.get(path("v1", "events?fieldSelector=involvedObject.name%3Dp"));
      assert.equal(found.body.list("items").length, 1);
    },
  },
];
