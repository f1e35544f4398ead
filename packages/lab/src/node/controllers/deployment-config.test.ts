import { afterAll, beforeAll, expect, test } from "vitest";
import { runningLab } from "../../testing/running-lab.ts";
import type { RunningLab } from "../../testing/running-lab.ts";
import { controllerOf, typeOf } from "../kinds/lab-kind.ts";
import { isReady, Pod } from "../kinds/pod.ts";
import type { PodTemplate } from "../kinds/pod.ts";
import { DeploymentConfig, ReplicationController } from "../kinds/workload.ts";

let running: RunningLab;
const namespace = "default";

beforeAll(async () => {
  running = await runningLab({ openshift: true });
});
afterAll(() => running.close());

function template(app: string, value = "1"): PodTemplate {
  const env = [{ name: "V", value }];
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: "c", image: "registry.k8s.io/pause:3", env }],
    },
  };
}

async function podsOf(app: string): Promise<Pod[]> {
  return running.source.list(Pod, { namespace, labelSelector: `app=${app}` });
}

async function readyValues(app: string): Promise<string> {
  const pods = (await podsOf(app)).filter(isReady);
  return pods.map((pod) => pod.spec.containers[0]?.env?.[0]?.value).join("");
}

async function replicasOf(config: string): Promise<Record<string, number | undefined>> {
  const labelSelector = `openshift.io/deployment-config.name=${config}`;
  const all = await running.source.list(ReplicationController, { namespace, labelSelector });
  return Object.fromEntries(all.map(({ metadata, spec }) => [metadata.name, spec.replicas]));
}

async function createConfig(name: string, spec: Partial<DeploymentConfig["spec"]>): Promise<void> {
  await running.source.create(DeploymentConfig, {
    ...typeOf(DeploymentConfig),
    metadata: { name, namespace },
    spec: { replicas: 2, selector: { app: name }, template: template(name), ...spec },
  });
}

function change(name: string, spec: Partial<DeploymentConfig["spec"]>): Promise<unknown> {
  const patch = { type: "merge", body: { spec } } as const;
  return running.source.patch(DeploymentConfig, { namespace, name }, patch);
}

test("a DeploymentConfig rolls out by one ReplicationController for each version", async () => {
  await createConfig("old", { triggers: [{ type: "ConfigChange" }] });
  await expect.poll(() => readyValues("old")).toBe("11");
  expect(await replicasOf("old")).toEqual({ "old-1": 2 });

  await change("old", { template: template("old", "2") });
  await expect.poll(() => readyValues("old")).toBe("22");
  await expect.poll(() => replicasOf("old")).toEqual({ "old-1": 0, "old-2": 2 });
  const status = async () =>
    (await running.source.get(DeploymentConfig, { namespace, name: "old" })).status;
  await expect
    .poll(status)
    .toMatchObject({ latestVersion: 2, replicas: 2, availableReplicas: 2, updatedReplicas: 2 });

  await change("old", { replicas: 0 });
  await expect.poll(async () => (await podsOf("old")).length).toBe(0);
  await change("old", { replicas: 1 });
  await expect.poll(() => readyValues("old")).toBe("2");
});

test("without a trigger a changed template waits until it is asked for", async () => {
  await createConfig("asked", { triggers: [], replicas: 1 });
  expect(await replicasOf("asked")).toEqual({});
  const ask = (latestVersion: number) =>
    running.source.patchSubresource(DeploymentConfig, { namespace, name: "asked" }, "status", {
      type: "merge",
      body: { status: { latestVersion } },
    });
  await ask(1);
  await expect.poll(() => readyValues("asked")).toBe("1");
  await change("asked", { template: template("asked", "2"), replicas: 2 });
  await expect.poll(() => readyValues("asked")).toBe("11");
  await ask(2);
  await expect.poll(() => readyValues("asked")).toBe("22");
});

test("a ReplicationController replaces pods that go, and takes over what fits", async () => {
  const ref = { namespace, name: "plain" };
  const orphan = { namespace, name: "orphan", labels: { app: "plain" } };
  await running.source.create(Pod, {
    ...typeOf(Pod),
    metadata: orphan,
    spec: template("plain").spec,
  });
  const { metadata } = await running.source.create(ReplicationController, {
    ...typeOf(ReplicationController),
    metadata: { ...ref },
    spec: { replicas: 2, selector: { app: "plain" }, template: template("plain") },
  });
  await expect.poll(() => readyValues("plain")).toBe("11");
  const owners = (await podsOf("plain")).map((pod) => controllerOf(pod)?.uid);
  expect(owners).toEqual([metadata.uid, metadata.uid]);

  await running.source.delete(Pod, { namespace, name: "orphan" });
  const names = async () => (await podsOf("plain")).filter(isReady).map((pod) => pod.metadata.name);
  await expect.poll(names).not.toContain("orphan");
  await expect.poll(async () => (await names()).length).toBe(2);
  const body = { spec: { replicas: 0 } };
  await running.source.patch(ReplicationController, ref, { type: "merge", body });
  await expect.poll(async () => (await podsOf("plain")).length).toBe(0);
  const { status } = await running.source.get(ReplicationController, ref);
  expect(status?.replicas).toBe(0);
});
