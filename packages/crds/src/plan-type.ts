import { hasCondition } from "./conditions.ts";
import { isRenamed, namespaceMappings } from "./name-mapping.ts";
import { parseMapping } from "./name-mapping.ts";
import type { MigCluster } from "./migration/mig-cluster.ts";
import type { MigMigration } from "./migration/mig-migration.ts";
import type { MigPlan } from "./migration/mig-plan.ts";
import type { PlanTypeReason } from "./migration/plan-conditions.ts";

/** What a plan turned out to be for. */
export type PlanTypeFinding = {
  /** The reason of `MigrationTypeIdentified`; absent when nothing tells. */
  readonly type?: PlanTypeReason;
  /** True when runs of the plan have settled it. */
  readonly isSettled: boolean;
  /** The reason of a Critical `IntraClusterMigration`. */
  readonly conflict?: "NamespaceMigrationPlan" | "ConflictingNamespaces";
};

/** What the inference looks at. */
export type PlanTypeFacts = {
  readonly plan: Pick<MigPlan, "spec">;
  readonly isIntraCluster: boolean;
  readonly migrations: readonly MigMigration[];
};

/** True when both are the same cluster: their API servers have the same host; host clusters have no URL. */
export function isIntraCluster(source: MigCluster, destination: MigCluster): boolean {
  return hostOf(source.spec.url) === hostOf(destination.spec.url);
}

/** Infers what a plan is for, in the order upstream does. */
export function inferPlanType(facts: PlanTypeFacts): PlanTypeFinding {
  const { spec } = facts.plan;
  if (spec.indirectImageMigration || spec.indirectVolumeMigration) {
    const isImpossible = facts.isIntraCluster && spec.indirectVolumeMigration === true;
    return {
      type: "NamespaceMigrationPlan",
      isSettled: false,
      ...(isImpossible ? { conflict: "NamespaceMigrationPlan" as const } : {}),
    };
  }
  const settled = settledType(facts);
  if (settled === "StorageConversionPlan" || settled === "StateMigrationPlan") {
    return { type: settled, isSettled: true };
  }
  return {
    ...(settled ? { type: settled } : {}),
    isSettled: settled !== undefined,
    ...openType(facts),
  };
}

// A finished rollback puts the plan back to where its spec alone decides.
function settledType({
  plan,
  isIntraCluster,
  migrations,
}: PlanTypeFacts): PlanTypeReason | undefined {
  const newest = migrations.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? "").localeCompare(left.metadata.creationTimestamp ?? ""),
  )[0];
  if (newest === undefined) return undefined;
  if (newest.spec.rollback && hasCondition(newest.status?.conditions, "Succeeded"))
    return undefined;
  if (!migrations.some(({ spec }) => spec.migrateState)) return "NamespaceMigrationPlan";
  const isConversion = isIntraCluster && !namespaceMappings(plan.spec.namespaces).some(isRenamed);
  return isConversion ? "StorageConversionPlan" : "StateMigrationPlan";
}

function openType({ plan, isIntraCluster }: PlanTypeFacts): Partial<PlanTypeFinding> {
  const mappings = namespaceMappings(plan.spec.namespaces);
  const renamed = mappings.filter(isRenamed).length;
  if (isIntraCluster) {
    if (renamed === 0) return { type: "StorageConversionPlan" };
    return renamed === mappings.length
      ? { type: "StateMigrationPlan" }
      : { conflict: "ConflictingNamespaces" };
  }
  const hasRenamedClaim = (plan.spec.persistentVolumes ?? []).some(({ pvc }) =>
    isRenamed(parseMapping(pvc?.name ?? "")),
  );
  return hasRenamedClaim ? { type: "StateMigrationPlan" } : {};
}

function hostOf(url: string | undefined): string {
  if (!url) return "";
  return URL.canParse(url) ? new URL(url).host : url;
}
