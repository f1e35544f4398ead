import type { MigCluster, MigMigration, MigPlan, MigStorage, NameMapping } from "@drover/crds";
import type { Cluster, DiscoveredResource } from "@drover/kube";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import type { ClusterSettings } from "../settings/cluster-settings.ts";
import type { ControllerSettings } from "../settings/controller-settings.ts";

/** One end of a plan that can be used. */
export type Side = {
  readonly migCluster: MigCluster;
  readonly cluster: Cluster;
  readonly settings: ClusterSettings;
  /** What the server offers, asked once per pass. */
  readonly discovery: () => Promise<readonly DiscoveredResource[]>;
};

/** What the checks of one pass look at. The ends are absent when a condition says why. */
export type PlanScope = {
  readonly deps: ReconcilerDeps;
  readonly pass: Pass<MigPlan>;
  readonly plan: MigPlan;
  readonly settings: ControllerSettings;
  readonly namespaces: readonly NameMapping[];
  readonly migrations: readonly MigMigration[];
  /** Runs of the plan are under way or have ended it: what is expensive is not judged again. */
  readonly isSuspended: boolean;
  readonly source: Side | undefined;
  readonly destination: Side | undefined;
  readonly storage: MigStorage | undefined;
};

/** A whole list of quoted names for a sentence, cut when it gets long. */
export function named(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
