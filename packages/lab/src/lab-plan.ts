import type { ClassOptions } from "./storage/start-storage-room.ts";

export type ClusterName = "host" | "source" | "edge";

/** What is fixed about a cluster of the lab. */
export type ClusterPlan = {
  readonly name: ClusterName;
  readonly index: number;
  /** Where migrations are kept and people sign in. */
  readonly isHost: boolean;
  readonly storageClasses: readonly ClassOptions[];
};

const nfs: ClassOptions = { name: "nfs", isNfs: true };

/** The clusters of the lab, in the order of their ports. */
export const clusterPlans: readonly ClusterPlan[] = [
  {
    name: "host",
    index: 0,
    isHost: true,
    storageClasses: [{ name: "standard", isDefault: true }, nfs],
  },
  {
    name: "source",
    index: 1,
    isHost: false,
    storageClasses: [
      { name: "standard", isDefault: true },
      { name: "fast", waitsForConsumer: true },
      nfs,
    ],
  },
  {
    name: "edge",
    index: 2,
    isHost: false,
    storageClasses: [
      { name: "files", isDefault: true },
      { name: "block", waitsForConsumer: true },
      nfs,
    ],
  },
];
