import { Label } from "@drover/crds";
import type { KubeObject } from "@drover/crds";
import { migrationObjectName } from "../manifests/migration-run.ts";
import type { MigrationScope } from "./migration-scope.ts";

/** What Velero puts on everything it creates. */
export const RESTORE_LABEL = "velero.io/restore-name";

/** The restores of every cutover of the plan; their names are known even when they are gone. */
export function finalRestoreNames({ siblings }: Pick<MigrationScope, "siblings">): string[] {
  return siblings
    .filter(({ spec }) => !spec.stage && !spec.migrateState && !spec.rollback)
    .map(({ metadata }) =>
      migrationObjectName({ name: metadata.name ?? "", uid: metadata.uid ?? "" }, "final"),
    );
}

/** True for an object of the target that runs of the plan brought there. */
export function isMigrated(
  scope: Pick<MigrationScope, "siblings" | "run">,
  { metadata }: KubeObject,
): boolean {
  const labels = metadata.labels ?? {};
  return (
    labels[Label.migratedByPlan] === scope.run.plan.metadata.uid ||
    finalRestoreNames(scope).includes(labels[RESTORE_LABEL] ?? "")
  );
}
