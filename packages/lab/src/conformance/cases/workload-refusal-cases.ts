import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal, expectStatus } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { deployment, service } from "../manifests.ts";

type Wrong = readonly [what: string, spec: Json, field: string, words: string];

const PORT = { port: 1 };

const SERVICES: readonly Wrong[] = [
  [
    "two ports of a name",
    {
      ports: [
        { port: 1, name: "a" },
        { port: 2, name: "a" },
      ],
    },
    "spec.ports[1].name",
    'Duplicate value: "a"',
  ],
  [
    "a target that is no name",
    { ports: [{ port: 1, targetPort: "Bad_" }] },
    "spec.ports[0].targetPort",
    "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
  ],
  [
    "a protocol nobody speaks",
    { ports: [{ port: 1, protocol: "X" }] },
    "spec.ports[0].protocol",
    'supported values: "SCTP", "TCP", "UDP"',
  ],
  [
    "no address and ports of the nodes",
    { clusterIP: "None", type: "NodePort" },
    "spec.clusterIPs[0]",
    "may not be set to 'None' for NodePort services",
  ],
  [
    "a strange affinity",
    { sessionAffinity: "Nope" },
    "spec.sessionAffinity",
    'supported values: "ClientIP", "None"',
  ],
  [
    "an affinity for no time",
    { sessionAffinity: "ClientIP", sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
    "spec.sessionAffinityConfig.clientIP.timeoutSeconds",
    "must be greater than 0 and less than 86400",
  ],
  [
    "a port of the nodes that it does not open",
    { ports: [{ ...PORT, nodePort: 30_000 }] },
    "spec.ports[0].nodePort",
    "may not be used when `type` is 'ClusterIP'",
  ],
  [
    "an address outside that is none",
    { externalIPs: ["x"] },
    "spec.externalIPs[0]",
    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
  ],
];

const DEPLOYMENTS: readonly Wrong[] = [
  [
    "a share that is none",
    { strategy: { rollingUpdate: { maxSurge: "x" } } },
    "spec.strategy.rollingUpdate.maxSurge",
    "regex used for validation is '[0-9]+%')",
  ],
  [
    "less than no more pods",
    { strategy: { rollingUpdate: { maxSurge: -1 } } },
    "spec.strategy.rollingUpdate.maxSurge",
    "must be greater than or equal to 0",
  ],
  [
    "more than all pods away",
    { strategy: { rollingUpdate: { maxUnavailable: "200%" } } },
    "spec.strategy.rollingUpdate.maxUnavailable",
    "must not be greater than 100%",
  ],
  [
    "less patience than pods need",
    { progressDeadlineSeconds: 5, minReadySeconds: 10 },
    "spec.progressDeadlineSeconds",
    "must be greater than minReadySeconds",
  ],
  [
    "less than no history",
    { revisionHistoryLimit: -1 },
    "spec.revisionHistoryLimit",
    "must be greater than or equal to 0",
  ],
  [
    "a strange strategy",
    { strategy: { type: "Nope" } },
    "spec.strategy",
    'supported values: "Recreate", "RollingUpdate"',
  ],
  [
    "a selector of everything",
    { selector: {} },
    "spec.selector",
    "empty selector is invalid for deployment",
  ],
];

function refusal(
  kind: string,
  [what, spec, field, words]: Wrong,
  at: { readonly version: string; readonly plural: string; readonly make: (spec: Json) => Json },
): ConformanceCase {
  return {
    name: `refuses a ${kind} with ${what}`,
    async run({ api, path }) {
      const answer = await api.post(path(at.version, at.plural), at.make(spec));
      const { body } = expectRefusal(answer, { code: 422, reason: "Invalid" });
      const causes = body.list("details", "causes") as { field: string; message: string }[];
      const blamed = causes.filter((cause) => cause.field === field);
      assert.ok(
        blamed.some(({ message }) => message.endsWith(words)),
        JSON.stringify(causes),
      );
    },
  };
}

const asService = {
  version: "v1",
  plural: "services",
  make: (spec: Json): Json => service("s", { ports: [PORT], ...spec }),
};
const asDeployment = {
  version: "apps/v1",
  plural: "deployments",
  make: (spec: Json): Json => deployment("d", spec),
};

/** Services and deployments that no server takes. */
export const workloadRefusalCases: readonly ConformanceCase[] = [
  ...SERVICES.map((wrong) => refusal("service", wrong, asService)),
  ...DEPLOYMENTS.map((wrong) => refusal("deployment", wrong, asDeployment)),
  {
    name: "takes the ports of the nodes back from a service that opens no more",
    async run({ api, path }) {
      await api.post(path("v1", "services"), service("s", { type: "NodePort" }));
      const closed = { spec: { type: "ClusterIP" } };
      const answer = await api.patch(path("v1", "services/s"), "merge", closed);
      assert.equal(expectStatus(answer, 200).body.at("spec", "ports", 0, "nodePort"), undefined);
    },
  },
  {
    name: "does not let the limits of a template stand for what its pods ask for",
    async run({ api, path }) {
      const resources = { limits: { cpu: "1" } };
      const containers = [{ name: "m", image: "x:1", resources }];
      const template = { metadata: { labels: { app: "d" } }, spec: { containers } };
      const made = await api.post(path("apps/v1", "deployments"), deployment("d", { template }));
      const { body } = expectStatus(made, 201);
      assert.deepEqual(
        body.at("spec", "template", "spec", "containers", 0, "resources"),
        resources,
      );
    },
  },
  {
    name: "notes as the client's only what the client asked for",
    async run({ api, path }) {
      const made = await api.post(path("v1", "services"), service("s"));
      const fields = (...path: string[]): unknown =>
        expectStatus(made, 201).body.at("metadata", "managedFields", 0, "fieldsV1", ...path);
      assert.notEqual(fields("f:spec", "f:ports"), undefined);
      assert.equal(fields("f:spec", "f:clusterIP"), undefined);
      assert.equal(fields("f:status"), undefined);
    },
  },
];
