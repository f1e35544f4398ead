/** The names of pipeline steps, in the order a reader meets them. */
export const pipelineSteps = [
  "Prepare",
  "PreBackupHooks",
  "Backup",
  "StageBackup",
  "StageRestore",
  "DirectImage",
  "DirectVolume",
  "PostBackupHooks",
  "PreRestoreHooks",
  "Restore",
  "PostRestoreHooks",
  "Cleanup",
  "CleanupVelero",
  "CleanupHelpers",
  "CleanupMigrated",
  "RollbackLiveMigration",
  "CleanupUnquiesce",
] as const;
export type PipelineStepName = (typeof pipelineSteps)[number];

/** The messages of a step beside the description of its phase. */
export const stepMessages = {
  notStarted: "Not started",
  completed: "Completed",
  failed: "Failed",
  skipped: "Skipped",
} as const;
