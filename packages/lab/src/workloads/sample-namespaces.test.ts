import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CustomResourceDefinition } from "@drover/crds";
import { connect } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Namespace } from "../node/kinds/cluster-objects.ts";
import { labKind } from "../node/kinds/lab-kind.ts";
import { isReady, Pod } from "../node/kinds/pod.ts";
import { PersistentVolume, PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { DeploymentConfig, Job, ReplicationController } from "../node/kinds/workload.ts";
import { runningLab, servedCronJobs } from "../testing/running-lab.ts";
import type { RunningLab } from "../testing/running-lab.ts";

const Printer = labKind("legacy.lab.drover.dev", "Printer");
const Gadget = labKind("edge.lab.drover.dev", "Gadget");
const BuildConfig = labKind("build.openshift.io", "BuildConfig");

let running: RunningLab;

beforeAll(async () => {
  running = await runningLab({ clusters: ["host", "source"], openshift: true, seed: true });
});
afterAll(() => running.close());

function readyPods(namespace: string, labelSelector: string): () => Promise<number> {
  return async () =>
    (await running.source.list(Pod, { namespace, labelSelector })).filter(isReady).length;
}

test("legacy runs its DeploymentConfig over a volume every cluster reaches", async () => {
  const { source, lab } = running;
  await expect.poll(readyPods("legacy", "app=archive")).toBe(1);
  const ref = { namespace: "legacy", name: "archive" };
  const config = async () => (await source.get(DeploymentConfig, ref)).status;
  await expect.poll(config).toMatchObject({ latestVersion: 1, availableReplicas: 1, replicas: 1 });
  const controllers = await source.list(ReplicationController, { namespace: "legacy" });
  expect(controllers.map(({ metadata }) => metadata.name)).toEqual(["archive-1"]);

  const claimRef = { namespace: "legacy", name: "archive-documents" };
  const claim = await source.get(PersistentVolumeClaim, claimRef);
  const volume = await source.get(PersistentVolume, { name: claim.spec.volumeName ?? "" });
  expect(volume.spec.csi).toBeUndefined();
  const register = join(lab.layout.nfsDir, volume.spec.nfs?.path ?? "none", "register.txt");
  const lines = (await readFile(register, "utf8")).trimEnd().split("\n");
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([500, "document 1", "document 500"]);
});

test("legacy has CronJobs, a Job that is done, a BuildConfig, and a kind of its own", async () => {
  const { source } = running;
  const namespace = "legacy";
  const crons = await source.list((await servedCronJobs(source)).kind, { namespace });
  expect(crons.map(({ metadata, spec }) => [metadata.name, spec.suspend])).toEqual([
    ["hourly-check", false],
    ["nightly-report", true],
  ]);
  const done = async () =>
    (await source.get(Job, { namespace, name: "import" })).status?.succeeded ?? 0;
  await expect.poll(done).toBe(1);
  await source.get(BuildConfig, { namespace, name: "archive" });
  await source.get(Printer, { namespace, name: "front-desk" });
});

test("edge has what plans complain about, and something in its way on the destination", async () => {
  const { source, lab } = running;
  const { url, caPem, adminToken } = lab.cluster("host");
  const host = connect({ url, caPem, token: adminToken });
  try {
    await expect.poll(readyPods("edge", "app=picky")).toBe(1);
    const claims = await source.list(PersistentVolumeClaim, { namespace: "edge" });
    const phases = async () => {
      const now = await source.list(PersistentVolumeClaim, { namespace: "edge" });
      return now.map(({ metadata, status }) => `${metadata.name} ${status?.phase}`);
    };
    expect(claims).toHaveLength(2);
    await expect.poll(phases).toEqual(["never-bound Pending", "shared Bound"]);

    const longest = (await source.list(Namespace)).map(({ metadata }) => metadata.name ?? "");
    expect(longest.some((name) => name.length > 59)).toBe(true);
    const everyClaim = await source.list(PersistentVolumeClaim);
    expect(everyClaim.some(({ metadata }) => (metadata.name ?? "").length > 63)).toBe(true);

    await source.get(Gadget, { namespace: "edge", name: "only-here" });
    const definition = { name: "gadgets.edge.lab.drover.dev" };
    expect(await host.find(CustomResourceDefinition, definition)).toBeUndefined();

    const mounting = async () => {
      const pods = await host.list(Pod, { namespace: "edge" });
      return pods
        .filter(isReady)
        .flatMap(({ spec }) => spec.volumes?.[0]?.persistentVolumeClaim?.claimName);
    };
    await expect.poll(mounting).toEqual(["shared"]);
  } finally {
    await host.close();
  }
});
