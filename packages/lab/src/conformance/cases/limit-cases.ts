import assert from "node:assert/strict";
import type { Answer, Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { claim, pod } from "../manifests.ts";

const CONTAINER = {
  type: "Container",
  default: { cpu: "500m" },
  defaultRequest: { cpu: "100m", memory: "64Mi" },
  min: { cpu: "50m" },
  max: { cpu: "1", memory: "1Gi" },
  maxLimitRequestRatio: { cpu: "10" },
};
const POD = { type: "Pod", max: { cpu: "2" } };
const CLAIM = { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "10Gi" } };

async function limit({ api, path }: CaseContext, ...limits: readonly Json[]): Promise<void> {
  const range = { metadata: { name: "range" }, spec: { limits } };
  expectStatus(await api.post(path("v1", "limitranges"), range), 201);
}

function container(name: string, resources?: Json): Json {
  return { name, image: "x:1", ...(resources === undefined ? {} : { resources }) };
}

/** Tries the object until the server has noticed its limit ranges, and gives the answer it then gets. */
async function tried({ api, path }: CaseContext, kind: string, object: Json): Promise<Answer> {
  const notice = pod("notice", { containers: [container("c", { limits: { cpu: "999" } })] });
  const far = claim("notice", { resources: { requests: { storage: "999Pi" } } });
  await eventually(async () => {
    const probe = kind === "pods" ? notice : far;
    expectStatus(await api.post(path("v1", `${kind}?dryRun=All`), probe), 403);
  });
  return api.post(path("v1", `${kind}?dryRun=All`), object);
}

function refusedPod(what: string, containers: readonly Json[], message: string): ConformanceCase {
  return {
    name: `refuses ${what}`,
    async run(context) {
      await limit(context, CONTAINER, POD);
      const answer = await tried(context, "pods", pod("a", { containers }));
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: `pods "a" is forbidden: ${message}`,
      });
    },
  };
}

function refusedRange(what: string, limits: readonly Json[], message: RegExp): ConformanceCase {
  return {
    name: `refuses a limit range with ${what}`,
    async run({ api, path }) {
      const range = { metadata: { name: "range" }, spec: { limits } };
      const answer = await api.post(path("v1", "limitranges"), range);
      expectRefusal(answer, { code: 422, reason: "Invalid", message });
    },
  };
}

/** What limit ranges say of pods and claims. */
export const limitCases: readonly ConformanceCase[] = [
  {
    name: "gives containers what they do not say, and notes it",
    async run(context) {
      await limit(context, CONTAINER);
      const containers = [container("plain"), container("some", { requests: { cpu: "200m" } })];
      const initContainers = [container("first")];
      const { body } = expectStatus(
        await tried(context, "pods", pod("a", { containers, initContainers })),
        201,
      );
      const given = {
        limits: { cpu: "500m", memory: "1Gi" },
        requests: { cpu: "100m", memory: "64Mi" },
      };
      assert.deepEqual(body.at("spec", "containers", 0, "resources"), given);
      assert.deepEqual(body.at("spec", "initContainers", 0, "resources"), given);
      assert.deepEqual(body.at("spec", "containers", 1, "resources", "requests"), {
        cpu: "200m",
        memory: "64Mi",
      });
      assert.equal(
        body.at("metadata", "annotations", "kubernetes.io/limit-ranger"),
        "LimitRanger plugin set: cpu, memory request for container plain; cpu, memory limit for container plain; memory request for container some; cpu, memory limit for container some; cpu, memory request for init container first; cpu, memory limit for init container first",
      );
      assert.equal(body.at("status", "qosClass"), "Burstable");
    },
  },
  refusedPod(
    "a container that may use too much, once for it and once for its pod",
    [container("main", { limits: { cpu: "3" } })],
    "[maximum cpu usage per Container is 1, but limit is 3, maximum cpu usage per Pod is 2, but limit is 3]",
  ),
  refusedPod(
    "a container that asks for too little",
    [container("main", { limits: { cpu: "100m" }, requests: { cpu: "10m" } })],
    "minimum cpu usage per Container is 50m, but request is 10m",
  ),
  refusedPod(
    "a container that may use far more than it asks for",
    [container("main", { limits: { cpu: "900m" }, requests: { cpu: "60m" } })],
    "cpu max limit to request ratio per Container is 10, but provided ratio is 15.000000",
  ),
  refusedPod(
    "containers that are too much together",
    ["a", "b", "c"].map((name) =>
      container(name, { limits: { cpu: "1" }, requests: { cpu: "1" } }),
    ),
    "maximum cpu usage per Pod is 2, but limit is 3",
  ),
  ...(
    [
      ["500Mi", "minimum storage usage per PersistentVolumeClaim is 1Gi, but request is 500Mi"],
      ["50Gi", "maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 50Gi"],
    ] as const
  ).map(([storage, message]): ConformanceCase => ({
    name: `refuses a claim of ${storage}`,
    async run(context) {
      await limit(context, CLAIM);
      const object = claim("a", { resources: { requests: { storage } } });
      const answer = await tried(context, "persistentvolumeclaims", object);
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: `persistentvolumeclaims "a" is forbidden: ${message}`,
      });
    },
  })),
  refusedRange(
    "a least above the most",
    [{ type: "Container", min: { cpu: "2" }, max: { cpu: "1" } }],
    /spec\.limits\[0\]\.min\[cpu\]: Invalid value: .*min value 2 is greater than max value 1/,
  ),
  refusedRange(
    "a default above the most",
    [{ type: "Container", default: { cpu: "2" }, max: { cpu: "1" } }],
    /spec\.limits\[0\]\.default\[cpu\]: Invalid value: .*default value 2 is greater than max value 1/,
  ),
  refusedRange(
    "two of a type",
    [CONTAINER, CONTAINER],
    /spec\.limits\[1\]\.type: Duplicate value: "Container"$/,
  ),
  refusedRange(
    "nothing to say of claims",
    [{ type: "PersistentVolumeClaim" }],
    /spec\.limits\[0\]\.limits: Required value: either minimum or maximum storage value is required/,
  ),
  refusedRange(
    "a type nobody knows",
    [{ type: "Nope", max: { cpu: "1" } }],
    /spec\.limits\[0\]\.type: Invalid value: "Nope": must be a standard limit type or fully qualified$/,
  ),
  refusedRange(
    "a ratio below one",
    [{ type: "Container", maxLimitRequestRatio: { cpu: "0.5" } }],
    /spec\.limits\[0\]\.maxLimitRequestRatio\[cpu\]: Invalid value: .*ratio 500m is less than 1$/,
  ),
];
