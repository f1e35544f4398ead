import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap, deployment, pod } from "../manifests.ts";

/** Pods, and what every object is checked for. */
export const podCases: readonly ConformanceCase[] = [
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
];
