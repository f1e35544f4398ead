import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResourceKind } from "@drover/crds";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { chosenKubeAssets } from "../kubeserver/kube-assets.ts";
import { startLab } from "../lab.ts";
import type { Lab, LabOptions } from "../lab.ts";
import { CronJob } from "../node/kinds/workload.ts";
import { servedKind } from "../served-kinds.ts";

/** A lab in a directory of its own, for tests; `again` stops and starts it on what it left behind. */
export type RunningLab = {
  readonly lab: Lab;
  /** The cluster `source`, as its administrator. */
  readonly source: Cluster;
  again(): Promise<RunningLab>;
  close(): Promise<void>;
};

/**
 * Starts a lab with only the cluster `source`, unless told otherwise; on a real kube-apiserver when the environment
 * says DROVER_LAB_APISERVER=kube.
 */
export async function runningLab(options: Partial<LabOptions> = {}): Promise<RunningLab> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "drover-lab-")));
  const chosen = chosenKubeAssets(process.env);
  const defaults: Partial<LabOptions> = { clusters: ["source"], openshift: false, ...chosen };
  const lab = await startLab({ ...defaults, ...options, stateDir });
  const { url, caPem, adminToken } = lab.cluster("source");
  const source = connect({ url, caPem, token: adminToken });
  const stop = async (): Promise<void> => {
    await source.close();
    await lab.close();
  };
  return {
    lab,
    source,
    async again() {
      await stop();
      return runningLab({ ...options, stateDir });
    },
    async close() {
      await stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

/** CronJobs as the cluster serves them: batch/v1beta1 before Kubernetes 1.21, which also brought suspended Jobs. */
export async function servedCronJobs(
  cluster: Cluster,
): Promise<{ readonly kind: ResourceKind<CronJob>; readonly isBefore121: boolean }> {
  const kind = servedKind(await cluster.discovery(), CronJob) ?? CronJob;
  return { kind, isBefore121: kind.version !== CronJob.version };
}
