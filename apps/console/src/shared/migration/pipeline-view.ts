import type { MigMigration, PipelineStep } from "@drover/crds";

/** How a step of the pipeline stands. */
export type StepState = "waiting" | "running" | "done" | "failed" | "skipped";

export type StepView = {
  readonly name: string;
  readonly title: string;
  readonly state: StepState;
  readonly message: string | undefined;
  readonly progress: readonly string[];
  readonly started: string | undefined;
  readonly completed: string | undefined;
};

const titles: Readonly<Record<string, string>> = {
  Prepare: "Prepare",
  PreBackupHooks: "Hooks before backup",
  Backup: "Back up objects",
  StageBackup: "Back up volumes",
  StageRestore: "Restore volumes",
  DirectImage: "Copy images",
  DirectVolume: "Copy volumes",
  PostBackupHooks: "Hooks after backup",
  PreRestoreHooks: "Hooks before restore",
  Restore: "Restore objects",
  PostRestoreHooks: "Hooks after restore",
  Cleanup: "Clean up",
  CleanupVelero: "Remove backups",
  CleanupHelpers: "Remove helpers",
  CleanupMigrated: "Remove what was migrated",
  CleanupUnquiesce: "Restart applications",
  RollbackLiveMigration: "Move virtual machines back",
};

/** What people call a step; the resource's own name when it is one we do not know. */
function stepTitle(name: string): string {
  return titles[name] ?? name;
}

function stateOf(step: PipelineStep, isFailed: boolean): StepState {
  if (step.failed === true) return "failed";
  if (step.skipped === true) return "skipped";
  if (step.completed !== undefined) return "done";
  if (step.started === undefined) return "waiting";
  return isFailed ? "failed" : "running";
}

/** The steps of a run as the page draws them. */
export function pipelineView(migration: MigMigration): readonly StepView[] {
  const { pipeline = [], conditions = [] } = migration.status ?? {};
  const isFailed = conditions.some(({ type }) => type === "Failed");
  return pipeline.map((step) => ({
    name: step.name,
    title: stepTitle(step.name),
    state: stateOf(step, isFailed),
    message: step.message,
    progress: step.progress ?? [],
    started: step.started,
    completed: step.completed,
  }));
}

/** The share of steps that are behind, in percent; for a bar in a list. */
export function pipelinePercent(steps: readonly StepView[]): number {
  if (steps.length === 0) return 0;
  const behind = steps.filter(({ state }) => state === "done" || state === "skipped").length;
  return Math.round((100 * behind) / steps.length);
}
