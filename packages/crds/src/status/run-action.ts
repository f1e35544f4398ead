import { Annotation } from "../migration/label.ts";
import type { MigMigration } from "../migration/mig-migration.ts";
import type { MigPlan } from "../migration/mig-plan.ts";
import { findCondition } from "../conditions.ts";

/** What a plan is for, as the wizard calls it. */
export const planTypes = ["full", "state", "scc"] as const;
export type PlanType = (typeof planTypes)[number];

export const planTypeText: Readonly<Record<PlanType, string>> = {
  full: "Full migration",
  state: "State migration",
  scc: "Storage class conversion",
};

/** The type of a plan: what the wizard wrote, else what the controller identified, else a full migration. */
export function planTypeOf(plan: MigPlan): PlanType {
  const chosen = plan.metadata.annotations?.[Annotation.selectedPlanType];
  const known = planTypes.find((type) => type === chosen);
  if (known) return known;
  const reason = findCondition(plan.status?.conditions, "MigrationTypeIdentified")?.reason;
  if (reason === "StateMigrationPlan") return "state";
  return reason === "StorageConversionPlan" ? "scc" : "full";
}

export const runActions = ["stage", "cutover", "rollback"] as const;
export type RunAction = (typeof runActions)[number];

export const runActionText: Readonly<Record<RunAction, string>> = {
  stage: "Stage",
  cutover: "Cutover",
  rollback: "Rollback",
};

/** The flags of a MigMigration's spec that make an action. `quiesce` counts for the cutover of a full migration only. */
export function runFlags(
  type: PlanType,
  action: RunAction,
  quiesce = true,
): Pick<MigMigration["spec"], "stage" | "migrateState" | "rollback" | "quiescePods"> {
  if (action === "rollback") {
    return { stage: false, migrateState: false, rollback: true, quiescePods: false };
  }
  const isCutover = action === "cutover";
  return type === "full"
    ? { stage: !isCutover, migrateState: false, rollback: false, quiescePods: isCutover && quiesce }
    : { stage: false, migrateState: true, rollback: false, quiescePods: isCutover };
}

/** What a run does, by its spec; it stays known when the run has failed. */
export function runActionOf(migration: MigMigration): RunAction {
  const { stage, rollback, migrateState, quiescePods } = migration.spec;
  if (rollback) return "rollback";
  if (stage) return "stage";
  const isOldState = migration.metadata.annotations?.[Annotation.stateTransfer] !== undefined;
  return migrateState && !quiescePods && !isOldState ? "stage" : "cutover";
}
