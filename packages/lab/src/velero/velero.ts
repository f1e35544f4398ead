import type { Cluster } from "@drover/kube";

export type VeleroOptions = {
  readonly cluster: Cluster;
  readonly clusterName: string;
  /** The directory with a PersistentVolume's data; undefined when the volume has none here. */
  readonly volumeDir: (volumeName: string) => Promise<string | undefined>;
  /** Scratch space: staging of backups, restic's cache, passwords files while restic runs. */
  readonly stateDir: string;
  /** Where the Velero objects live; `openshift-migration` when absent. */
  readonly namespace?: string;
};

export type Velero = { close(): Promise<void> };
