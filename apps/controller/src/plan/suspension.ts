import { hasCondition } from "@drover/crds";
import type { MigMigration } from "@drover/crds";

/** Whether a run is under way, or a finished one has ended the plan's work and was not rolled back. */
export function isSuspendedBy(migrations: readonly MigMigration[]): boolean {
  const newestFirst = migrations.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? "").localeCompare(left.metadata.creationTimestamp ?? ""),
  );
  for (const { spec, status } of newestFirst) {
    if (hasCondition(status?.conditions, "Running")) return true;
    if (!hasCondition(status?.conditions, "Succeeded")) continue;
    if (spec.rollback) return false;
    if (!spec.stage) return true;
  }
  return false;
}

/** Expensive findings that stay as they are while the plan is suspended. */
export const keptWhileSuspended = [
  "PvsDiscovered",
  "PvLimitExceeded",
  "PvWarnNoCephAvailable",
  "PvNoSupportedAction",
  "PvNoStorageClassSelection",
  "PvWarnAccessModeUnavailable",
  "PvWarnCopyMethodSnapshot",
  "StorageEnsured",
  "PodLimitExceeded",
  "NamespacesHaveNodeSelectors",
  "SourcePodsNotHealthy",
  "GVKsIncompatible",
] as const;
