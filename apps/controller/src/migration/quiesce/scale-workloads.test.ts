import { CronJob } from "@drover/crds";
import type { ResourceKind } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { findKubeAssets, startLab } from "@drover/lab";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readNamespaceFacts } from "../../plan/namespace-facts.ts";
import { scaleWorkloads } from "./scale-workloads.ts";

const kubeAssets = findKubeAssets(process.env);
const legacy = { namespaces: ["legacy"] };

/** The cluster with the sample namespace `legacy`, which has one CronJob that is due and one that is suspended. */
async function source(server: "embedded" | "kube"): Promise<Cluster> {
  const stateDir = await mkdtemp(join(tmpdir(), "quiesce-"));
  const real = server === "kube" && kubeAssets !== undefined ? { kubeAssets } : {};
  const lab = await startLab({ stateDir, clusters: ["source"], seed: true, ...real });
  const { url, caPem, adminToken } = lab.cluster("source");
  const cluster = connect({ url, caPem, token: adminToken });
  onTestFinished(async () => {
    await cluster.close();
    await lab.close();
    await rm(stateDir, { recursive: true, force: true });
  });
  return cluster;
}

/** As the server has them, at whatever version. */
async function servedKind(cluster: Cluster): Promise<ResourceKind<CronJob>> {
  const served = (await cluster.discovery()).find(({ kind }) => kind === "CronJob");
  return { ...CronJob, version: served?.version ?? "none" };
}

async function suspended(cluster: Cluster): Promise<Record<string, boolean | undefined>> {
  const crons = await cluster.list(await servedKind(cluster), { namespace: "legacy" });
  return Object.fromEntries(crons.map(({ metadata, spec }) => [metadata.name, spec.suspend]));
}

async function expectStoppedAndStarted(cluster: Cluster): Promise<void> {
  const before = { "hourly-check": false, "nightly-report": true };
  expect(await suspended(cluster)).toEqual(before);
  await scaleWorkloads(cluster, legacy, "quiesce");
  await scaleWorkloads(cluster, legacy, "quiesce");
  expect(await suspended(cluster)).toEqual({ "hourly-check": true, "nightly-report": true });
  await scaleWorkloads(cluster, legacy, "unquiesce");
  expect(await suspended(cluster)).toEqual(before);
}

/** A claim that nothing but a CronJob uses, and that no pod mounts at this hour. */
async function expectOwnerKnown(cluster: Cluster): Promise<void> {
  const kind = await servedKind(cluster);
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "of-the-cron" } }];
  const containers = [{ name: "task", image: "lab/task:1" }];
  const spec = { restartPolicy: "Never", containers, volumes };
  await cluster.create(kind, {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: "CronJob",
    metadata: { name: "with-a-claim", namespace: "legacy" },
    spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: { spec } } } },
  });
  const { uses } = await readNamespaceFacts(cluster, "legacy");
  expect(uses).toContainEqual({ claim: "of-the-cron", owner: "CronJob" });
}

test("CronJobs stop, and those that ran go on; their claims are known to be theirs", async () => {
  const cluster = await source("embedded");
  await expectStoppedAndStarted(cluster);
  await expectOwnerKnown(cluster);
});

// A real server may be so old that it has CronJobs as batch/v1beta1 only.
test.skipIf(kubeAssets === undefined && process.env["DROVER_REQUIRE_KUBE"] !== "1")(
  "the same on a real kube-apiserver, whatever its version",
  async () => {
    expect(kubeAssets, "npm run kube-assets fetches kube-apiserver").toBeDefined();
    const cluster = await source("kube");
    await expectStoppedAndStarted(cluster);
    await expectOwnerKnown(cluster);
  },
);
