import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";
import type { ClusterPool } from "./cluster-pool.ts";
import type { Metrics } from "./metrics.ts";

/** What every reconciler is built with. */
export type ReconcilerDeps = {
  /** The cluster that holds our resources, reached with the controller's own identity. */
  readonly host: Cluster;
  /** Where our resources and Velero's live, on every cluster. */
  readonly namespace: string;
  readonly clusters: ClusterPool;
  readonly metrics: Metrics;
  readonly log: Logger;
};
