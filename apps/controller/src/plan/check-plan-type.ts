import { inferPlanType, isIntraCluster } from "@drover/crds";
import type { MigPlan, PlanTypeReason } from "@drover/crds";
import type { PlanScope } from "./plan-scope.ts";

const CONFLICTS = {
  NamespaceMigrationPlan:
    "Source and target are the same cluster; volumes cannot be migrated indirectly within one cluster. Migrate them directly.",
  ConflictingNamespaces:
    "Source and target are the same cluster, and only some namespaces get a new name. Rename all of them, or none to convert storage classes.",
} as const;

const WORDS: Readonly<Record<PlanTypeReason, string>> = {
  NamespaceMigrationPlan: "This plan migrates whole namespaces.",
  StateMigrationPlan: "This plan migrates the state of applications: their volumes.",
  StorageConversionPlan: "This plan converts volumes to other storage classes.",
};

/** Says what the plan is for, as its spec and its runs tell. */
export function checkPlanType(scope: PlanScope): PlanTypeReason | undefined {
  const { source, destination, plan, migrations, pass } = scope;
  if (!source || !destination) return undefined;
  const intra = isIntraCluster(source.migCluster, destination.migCluster);
  const finding = inferPlanType({ plan: plan as MigPlan, isIntraCluster: intra, migrations });
  pass.conditions.remove("MigrationTypeIdentified");
  if (finding.type) {
    pass.conditions.set({
      type: "MigrationTypeIdentified",
      category: "Advisory",
      reason: finding.type,
      message: WORDS[finding.type],
      durable: finding.isSettled,
    });
  }
  if (finding.conflict) {
    pass.conditions.set({
      type: "IntraClusterMigration",
      category: "Critical",
      reason: finding.conflict,
      message: CONFLICTS[finding.conflict],
    });
  }
  if (finding.type === "StorageConversionPlan") {
    pass.conditions.remove("InvalidStorageRef");
    pass.conditions.remove("StorageNotReady");
  }
  if (finding.type === "StateMigrationPlan" || finding.type === "StorageConversionPlan") {
    pass.conditions.remove("SourceClusterNoRegistryPath");
    pass.conditions.remove("DestinationClusterNoRegistryPath");
  }
  return finding.type;
}
