import { Label, LabelValue, MigMigration, correlationKey, correlationLabels } from "@drover/crds";
import type { MigPlan, NameMapping } from "@drover/crds";
import { shortHash } from "./transfer-run.ts";

/** One MigMigration as the builders see it. */
export type MigrationRun = {
  readonly name: string;
  readonly uid: string;
  readonly plan: MigPlan;
  readonly namespaces: readonly NameMapping[];
};

/** The labels of every object made for a migration. */
export function migrationLabels(run: MigrationRun): Record<string, string> {
  return {
    ...correlationLabels({ kind: MigMigration.kind, metadata: { uid: run.uid } }),
    [Label.migratedByMigration]: run.uid,
    [Label.migratedByPlan]: run.plan.metadata.uid ?? "",
    [Label.migrationName]: run.name.slice(0, 63),
    [Label.planName]: (run.plan.metadata.name ?? "").slice(0, 63),
  };
}

export function migrationSelector(run: Pick<MigrationRun, "uid">): string {
  return `${Label.partOf}=${LabelValue.partOf},${correlationKey(MigMigration)}=${run.uid}`;
}

export function planSelector(run: Pick<MigrationRun, "plan">): string {
  return `${Label.migratedByPlan}=${run.plan.metadata.uid ?? ""}`;
}

/** Velero repeats names in labels, which hold 63 characters; its objects stay well below. */
const MAX_NAME = 57;

/** Named for the migration and what it is for: made again after a crash, it is the same object. */
export function migrationObjectName(
  { name, uid }: Pick<MigrationRun, "name" | "uid">,
  purpose: "initial" | "stage" | "final" | "volumes" | "images",
): string {
  const suffix = `-${purpose}-${shortHash(uid).slice(0, 5)}`;
  return `${name.slice(0, MAX_NAME - suffix.length).replace(/[.-]+$/, "")}${suffix}`;
}
