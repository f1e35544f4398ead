import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { claim, configMap, deployment, pod, service } from "../manifests.ts";

/** What is particular to builtin kinds: defaults, allocation, validation, subresources. */
export const kindCases: readonly ConformanceCase[] = [
  {
    name: "fills in a pod's defaults",
    async run({ api, path }) {
      const { body } = expectStatus(await api.post(path("v1", "pods"), pod("p")), 201);
      const spec = body.at("spec") as Json;
      assert.equal(spec["restartPolicy"], "Always");
      assert.equal(spec["dnsPolicy"], "ClusterFirst");
      assert.equal(spec["terminationGracePeriodSeconds"], 30);
      assert.equal(spec["schedulerName"], "default-scheduler");
      assert.equal(spec["serviceAccountName"], "default");
      assert.equal(body.at("spec", "containers", 0, "imagePullPolicy"), "IfNotPresent");
      assert.equal(body.at("spec", "containers", 0, "terminationMessagePolicy"), "File");
      assert.equal(body.at("status", "phase"), "Pending");
      assert.equal(body.at("status", "qosClass"), "BestEffort");
    },
  },
  {
    name: "always pulls an image without a tag",
    async run({ api, path }) {
      const { body } = await api.post(
        path("v1", "pods"),
        pod("p", { containers: [{ name: "c", image: "app" }] }),
      );
      assert.equal(body.at("spec", "containers", 0, "imagePullPolicy"), "Always");
    },
  },
  {
    name: "takes requests from limits and tells the quality of service",
    async run({ api, path }) {
      const resources = { limits: { cpu: "1000m", memory: "1024Mi" } };
      const { body } = await api.post(
        path("v1", "pods"),
        pod("p", { containers: [{ name: "c", image: "app:1", resources }] }),
      );
      assert.deepEqual(body.at("spec", "containers", 0, "resources"), {
        limits: { cpu: "1", memory: "1Gi" },
        requests: { cpu: "1", memory: "1Gi" },
      });
      assert.equal(body.at("status", "qosClass"), "Guaranteed");
    },
  },
  {
    name: "refuses a quantity that is none",
    async run({ api, path }) {
      const resources = { limits: { cpu: "much" } };
      const answer = await api.post(
        path("v1", "pods"),
        pod("p", { containers: [{ name: "c", image: "app:1", resources }] }),
      );
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message: /quantities must match the regular expression/,
      });
    },
  },
  {
    name: "refuses a value of the wrong type",
    async run({ api, path }) {
      const answer = await api.post(
        path("apps/v1", "deployments"),
        deployment("d", { replicas: "two" }),
      );
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message:
          /^Deployment in version "v1" cannot be handled as a Deployment: (json: cannot unmarshal string into Go struct field .*spec\.replicas of type int32$|v1\.Deployment\.Spec: v1\.DeploymentSpec\.Replicas: readUint32: )/,
      });
    },
  },
  {
    name: "drops fields it does not know",
    async run({ api, path }) {
      const { body } = expectStatus(
        await api.post(path("v1", "configmaps"), configMap("a", { dat: {} })),
        201,
      );
      assert.equal(body.at("dat"), undefined);
    },
  },
  {
    name: "warns of fields it drops",
    since: "1.25",
    async run({ api, path }) {
      const answer = await api.post(
        path("v1", "configmaps?fieldValidation=Warn"),
        configMap("a", { dat: {} }),
      );
      assert.match(String(expectStatus(answer, 201).headers["warning"]), /unknown field \\?"dat/);
    },
  },
  {
    name: "refuses fields it does not know when asked to be strict",
    since: "1.25",
    async run({ api, path }) {
      const answer = await api.post(
        path("v1", "configmaps?fieldValidation=Strict"),
        configMap("a", { dat: {} }),
      );
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message: /strict decoding error: unknown field "dat"/,
      });
    },
  },
  {
    name: "refuses a pod without containers, and one without an image",
    async run({ api, path }) {
      const none = await api.post(path("v1", "pods"), pod("p", { containers: [] }));
      expectRefusal(none, {
        code: 422,
        reason: "Invalid",
        message: /spec\.containers: Required value/,
      });
      const bare = await api.post(path("v1", "pods"), pod("p", { containers: [{ name: "c" }] }));
      expectRefusal(bare, {
        code: 422,
        reason: "Invalid",
        message: /spec\.containers\[0\]\.image: Required value/,
      });
    },
  },
  {
    name: "refuses a mount of a volume that is not there",
    async run({ api, path }) {
      const volumeMounts = [{ name: "data", mountPath: "/data" }];
      const answer = await api.post(
        path("v1", "pods"),
        pod("p", { containers: [{ name: "c", image: "a:1", volumeMounts }] }),
      );
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /spec\.containers\[0\]\.volumeMounts\[0\]\.name: Not found: "data"/,
      });
    },
  },
  {
    name: "lets a pod's image change and nothing else of its containers",
    async run({ api, path }) {
      await api.post(path("v1", "pods"), pod("p"));
      const image = { spec: { containers: [{ name: "main", image: "other:2" }] } };
      expectStatus(await api.patch(path("v1", "pods/p"), "strategic", image), 200);
      const command = { spec: { containers: [{ name: "main", command: ["x"] }] } };
      const answer = await api.patch(path("v1", "pods/p"), "strategic", command);
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message: /spec: Forbidden: pod updates may not change fields other than/,
      });
    },
  },
  {
    name: "binds a pod to a node once",
    async run({ api, path }) {
      await api.post(path("v1", "pods"), pod("p"));
      const binding = { metadata: { name: "p" }, target: { kind: "Node", name: "n1" } };
      expectStatus(await api.post(path("v1", "pods/p/binding"), binding), 201);
      const bound = await api.get(path("v1", "pods/p"));
      assert.equal(bound.body.at("spec", "nodeName"), "n1");
      assert.equal(bound.body.at("status", "conditions", 0, "type"), "PodScheduled");
      const again = await api.post(path("v1", "pods/p/binding"), binding);
      expectRefusal(again, {
        code: 409,
        reason: "Conflict",
        message: /pod p is already assigned to node "n1"/,
      });
    },
  },
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
