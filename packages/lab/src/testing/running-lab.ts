import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { startLab } from "../lab.ts";
import type { Lab, LabOptions } from "../lab.ts";

/** A lab in a directory of its own, for tests; `again` stops and starts it on what it left behind. */
export type RunningLab = {
  readonly lab: Lab;
  /** The cluster `source`, as its administrator. */
  readonly source: Cluster;
  again(): Promise<RunningLab>;
  close(): Promise<void>;
};

/** Starts a lab with only the cluster `source`, unless told otherwise. */
export async function runningLab(options: Partial<LabOptions> = {}): Promise<RunningLab> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "drover-lab-")));
  const lab = await startLab({ clusters: ["source"], openshift: false, ...options, stateDir });
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
