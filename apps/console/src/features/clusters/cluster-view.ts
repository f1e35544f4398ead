import type { MigCluster, MigPlan } from "@drover/crds";
import { readinessFrom, type Readiness } from "../../shared/readiness.ts";

/** A cluster as its list row shows it. */
export type ClusterView = {
  readonly name: string;
  readonly isHost: boolean;
  readonly url: string;
  readonly version: string | undefined;
  readonly planCount: number;
  readonly readiness: Readiness;
  /** Why it cannot be changed or removed. */
  readonly editRefused: string | undefined;
  readonly removeRefused: string | undefined;
};

const uses = (name: string) => (plan: MigPlan) =>
  plan.spec?.srcMigClusterRef?.name === name || plan.spec?.destMigClusterRef?.name === name;

/** How many plans name the cluster as source or target. */
export function clusterView(
  cluster: MigCluster,
  plans: readonly MigPlan[],
  hostUrl: string,
): ClusterView {
  const name = cluster.metadata.name ?? "";
  const isHost = cluster.spec.isHostCluster;
  const planCount = plans.filter(uses(name)).length;
  const usedBy =
    planCount === 1 ? "A migration plan uses" : `${String(planCount)} migration plans use`;
  return {
    name,
    isHost,
    url: isHost ? hostUrl : (cluster.spec.url ?? ""),
    version: cluster.status?.operatorVersion,
    planCount,
    readiness: readinessFrom(cluster.status?.conditions),
    editRefused: isHost
      ? "Drover itself runs on the host cluster; there is nothing to set."
      : undefined,
    removeRefused: isHost
      ? "The host cluster cannot be removed."
      : planCount > 0
        ? `${usedBy} this cluster. Delete the plans first.`
        : undefined,
  };
}
