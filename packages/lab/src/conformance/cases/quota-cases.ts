import assert from "node:assert/strict";
import type { Answer, Json } from "../api-client.ts";
import { eventually, expectRefusal, expectStatus } from "../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../conformance-case.ts";
import { claim, configMap, deployment, pod, service } from "../manifests.ts";

/** Sets a quota and waits until its use is counted. */
async function limited(context: CaseContext, hard: Json, more: Json = {}): Promise<void> {
  const { api, path } = context;
  const quota = { metadata: { name: "q" }, spec: { hard, ...more } };
  expectStatus(await api.post(path("v1", "resourcequotas"), quota), 201);
  await eventually(async () => {
    const { body } = await api.get(path("v1", "resourcequotas/q"));
    assert.deepEqual(body.at("status", "hard"), body.at("spec", "hard"));
    assert.notEqual(body.at("status", "used"), undefined);
  });
}

async function used({ api, path }: CaseContext): Promise<unknown> {
  return (await api.get(path("v1", "resourcequotas/q"))).body.at("status", "used");
}

function sized(name: string, cpu: string, memory: string): Json {
  const resources = { limits: { cpu, memory } };
  return pod(name, { containers: [{ name: "main", image: "x:1", resources }] });
}

function refusedFor(answer: Answer, message: string): void {
  expectRefusal(answer, { code: 403, reason: "Forbidden", message });
}

function counted(name: string, run: (context: CaseContext) => Promise<void>): ConformanceCase {
  return { name, needs: "controllers", run };
}

/** What quotas let in, and what they count. */
export const quotaCases: readonly ConformanceCase[] = [
  counted("counts what is there when the quota comes", async (context) => {
    const { api, path } = context;
    await api.post(path("v1", "configmaps"), configMap("a"));
    await api.post(path("v1", "pods"), sized("p", "100m", "64Mi"));
    await limited(context, { configmaps: "5", pods: "5", "requests.cpu": "1", memory: "1Gi" });
    // One more than ours: every namespace has the certificate of the server.
    assert.deepEqual(await used(context), {
      configmaps: "2",
      pods: "1",
      "requests.cpu": "100m",
      memory: "64Mi",
    });
  }),
  counted("refuses pods that would use too much, and says how much", async (context) => {
    const { api, path } = context;
    await limited(context, { "requests.cpu": "1", "limits.memory": "1Gi" });
    const pods = path("v1", "pods");
    expectStatus(await api.post(pods, sized("a", "500m", "512Mi")), 201);
    assert.deepEqual(await used(context), { "requests.cpu": "500m", "limits.memory": "512Mi" });
    refusedFor(
      await api.post(pods, sized("b", "600m", "600Mi")),
      'pods "b" is forbidden: exceeded quota: q, requested: limits.memory=600Mi,requests.cpu=600m, used: limits.memory=512Mi,requests.cpu=500m, limited: limits.memory=1Gi,requests.cpu=1',
    );
    refusedFor(
      await api.post(pods, sized("b", "600m", "512Mi")),
      'pods "b" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=500m, limited: requests.cpu=1',
    );
    expectStatus(await api.post(pods, sized("b", "500m", "512Mi")), 201);
    assert.deepEqual(await used(context), { "requests.cpu": "1", "limits.memory": "1Gi" });
  }),
  counted("wants pods to say what is limited", async (context) => {
    await limited(context, { "requests.cpu": "1", "limits.memory": "1Gi" });
    refusedFor(
      await context.api.post(context.path("v1", "pods"), pod("a")),
      'pods "a" is forbidden: failed quota: q: must specify limits.memory,requests.cpu',
    );
  }),
  counted("uses nothing for a try", async (context) => {
    const { api, path } = context;
    await limited(context, { pods: "1" });
    expectStatus(await api.post(path("v1", "pods?dryRun=All"), pod("a")), 201);
    expectStatus(await api.post(path("v1", "pods"), pod("a")), 201);
    refusedFor(
      await api.post(path("v1", "pods?dryRun=All"), pod("b")),
      'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    );
  }),
  counted("gives back what is deleted", async (context) => {
    const { api, path } = context;
    await limited(context, { pods: "1", "count/configmaps": "5" });
    await api.post(path("v1", "pods"), pod("a"));
    await api.delete(path("v1", "pods/a"));
    await eventually(async () => {
      expectStatus(await api.post(path("v1", "pods"), pod("b")), 201);
    });
  }),
  counted("counts pods that have ended no more", async (context) => {
    const { api, path } = context;
    await limited(context, { pods: "1" });
    await api.post(path("v1", "pods"), pod("a"));
    await api.patch(path("v1", "pods/a/status"), "merge", { status: { phase: "Succeeded" } });
    await eventually(async () => {
      assert.deepEqual(await used(context), { pods: "0" });
    });
  }),
  counted("counts services by what they open", async (context) => {
    const { api, path } = context;
    const none = { services: "2", "services.nodeports": "1", "services.loadbalancers": "0" };
    await limited(context, none);
    const services = path("v1", "services");
    expectStatus(await api.post(services, service("a", { type: "NodePort" })), 201);
    refusedFor(
      await api.post(services, service("b", { type: "LoadBalancer" })),
      'services "b" is forbidden: exceeded quota: q, requested: services.loadbalancers=1,services.nodeports=1, used: services.loadbalancers=0,services.nodeports=1, limited: services.loadbalancers=0,services.nodeports=1',
    );
    expectStatus(await api.post(services, service("b")), 201);
    refusedFor(
      await api.patch(path("v1", "services/b"), "merge", { spec: { type: "NodePort" } }),
      'services "b" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1',
    );
    assert.deepEqual(await used(context), {
      services: "2",
      "services.nodeports": "1",
      "services.loadbalancers": "0",
    });
  }),
  counted("counts claims by size, and by class", async (context) => {
    const { api, path } = context;
    const ofClass = "fast.storageclass.storage.k8s.io/requests.storage";
    await limited(context, { "requests.storage": "10Gi", [ofClass]: "1Gi" });
    const claims = path("v1", "persistentvolumeclaims");
    const large = { resources: { requests: { storage: "6Gi" } } };
    expectStatus(await api.post(claims, claim("a", large)), 201);
    refusedFor(
      await api.post(claims, claim("b", large)),
      'persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: requests.storage=6Gi, used: requests.storage=6Gi, limited: requests.storage=10Gi',
    );
    const fast = { storageClassName: "fast", resources: { requests: { storage: "2Gi" } } };
    refusedFor(
      await api.post(claims, claim("b", fast)),
      `persistentvolumeclaims "b" is forbidden: exceeded quota: q, requested: ${ofClass}=2Gi, used: ${ofClass}=0, limited: ${ofClass}=1Gi`,
    );
  }),
  counted("counts objects of any kind", async (context) => {
    const { api, path } = context;
    await limited(context, { "count/deployments.apps": "1" });
    const deployments = path("apps/v1", "deployments");
    expectStatus(await api.post(deployments, deployment("a")), 201);
    refusedFor(
      await api.post(deployments, deployment("b")),
      'deployments.apps "b" is forbidden: exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1',
    );
  }),
  counted("looks only at the pods of its scope", async (context) => {
    const { api, path } = context;
    await limited(context, { pods: "0" }, { scopes: ["BestEffort"] });
    expectStatus(await api.post(path("v1", "pods"), sized("a", "1m", "1Mi")), 201);
    expectRefusal(await api.post(path("v1", "pods"), pod("b")), { code: 403 });
    expectStatus(await api.post(path("v1", "configmaps"), configMap("a")), 201);
  }),
  ...(
    [
      [
        "of less than nothing",
        { hard: { pods: "-1" } },
        /spec\.hard\[pods\]: .*must be greater than or equal to 0/,
      ],
      [
        "of what nobody knows",
        { hard: { bananas: "1" } },
        /spec\.hard\[bananas\]: .*must be a standard resource type/,
      ],
      ["of half a pod", { hard: { pods: "1500m" } }, /spec\.hard\[pods\]: .*must be an integer/],
      [
        "of an unknown scope",
        { hard: { pods: "1" }, scopes: ["Nope"] },
        /spec\.scopes: .*unsupported scope/,
      ],
    ] as const
  ).map(([what, spec, message]): ConformanceCase => ({
    name: `refuses a quota ${what}`,
    async run({ api, path }) {
      const answer = await api.post(path("v1", "resourcequotas"), {
        metadata: { name: "q" },
        spec,
      });
      expectRefusal(answer, { code: 422, reason: "Invalid", message });
    },
  })),
  {
    name: "lets a claim grow only where its class can",
    async run({ api, path, word }) {
      const classes = "/apis/storage.k8s.io/v1/storageclasses";
      const grow = async (name: string, storage: string): Promise<Answer> =>
        api.patch(path("v1", `persistentvolumeclaims/${name}`), "merge", {
          spec: { resources: { requests: { storage } } },
        });
      for (const [name, allowVolumeExpansion] of [
        ["can", true],
        ["cannot", false],
      ] as const) {
        const storageClassName = `${word}-${name}`;
        const made = { metadata: { name: storageClassName }, provisioner: "x.example/y" };
        expectStatus(await api.post(classes, { ...made, allowVolumeExpansion }), 201);
        await api.post(path("v1", "persistentvolumeclaims"), claim(name, { storageClassName }));
        const status = { phase: "Bound", capacity: { storage: "1Gi" } };
        await api.patch(path("v1", `persistentvolumeclaims/${name}/status`), "merge", { status });
      }
      await eventually(async () => void expectStatus(await grow("can", "2Gi"), 200));
      refusedFor(
        await grow("cannot", "2Gi"),
        'persistentvolumeclaims "cannot" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
    },
  },
];
