import type { DirectVolumeMigration, SetReference } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { TransferRun, VolumeCopy } from "../manifests/transfer-run.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import type { ClusterSettings } from "../settings/cluster-settings.ts";
import type { ControllerSettings } from "../settings/controller-settings.ts";

/** One of the two clusters of a run. */
export type ClusterSide = {
  readonly ref: SetReference;
  readonly cluster: Cluster;
  readonly settings: ClusterSettings;
};

/** What the owning MigMigration asks about the identity of transfer pods. */
export type RequestedIdentity = {
  readonly runAsRoot: boolean | undefined;
  readonly runAsUser: number | undefined;
  readonly runAsGroup: number | undefined;
};

/** What the steps of a DirectVolumeMigration work with. */
export type VolumeScope = {
  readonly pass: Pass<DirectVolumeMigration>;
  readonly deps: ReconcilerDeps;
  readonly run: TransferRun;
  readonly copies: readonly VolumeCopy[];
  readonly source: ClusterSide;
  readonly target: ClusterSide;
  readonly settings: ControllerSettings;
  readonly requestedIdentity: RequestedIdentity;
  /** True once the phase lies behind: what it did is not done again. */
  isPast(phase: string): boolean;
};

/** The namespaces on the target, each with the volumes that go there. */
export function copiesByTarget(copies: readonly VolumeCopy[]): ReadonlyMap<string, VolumeCopy[]> {
  return Map.groupBy(copies, ({ target }) => target.namespace);
}

/** Copies are compared after the last synchronisation only: before that the application still writes. */
export function isLastSync(scope: Pick<VolumeScope, "pass">): boolean {
  return scope.pass.object.spec.migrationType === "CutOver";
}
