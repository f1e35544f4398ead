import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";

/** What every reconciler is built with. */
export type ReconcilerDeps = {
  /** The cluster that holds our resources, reached with the controller's own identity. */
  readonly host: Cluster;
  /** Where our resources and Velero's live, on every cluster. */
  readonly namespace: string;
  readonly clusters: ClusterPool;
  readonly log: Logger;
};

/** Connections to the clusters that MigClusters describe, rebuilt when the MigCluster or its Secret changes. */
export type ClusterPool = {
  /** Throws `ClusterNotUsable` when the MigCluster is absent, incomplete or its Secret is missing. */
  connect(ref: ClusterRef): Promise<Cluster>;
  close(): Promise<void>;
};

export type ClusterRef = { readonly namespace: string; readonly name: string };

/** A MigCluster that cannot be connected to as it is described. */
export class ClusterNotUsable extends Error {
  override readonly name = "ClusterNotUsable";
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
