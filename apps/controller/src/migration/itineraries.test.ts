import { expect, test } from "vitest";
import { ConditionStage } from "../runtime/condition-stage.ts";
import { chooseItinerary, itineraries, phaseDescriptions } from "./itineraries.ts";

const trace = (name: keyof typeof itineraries) =>
  itineraries[name].map(
    ({ pipeline, steps }) => `${pipeline}: ${steps.map((step) => step.name).join(" ")}`,
  );

test("a cutover stops the applications before it copies, and starts them after", () => {
  expect(trace("Final")).toEqual([
    "Prepare: Started StartRefresh WaitForRefresh CleanStaleVeleroCRs CleanStaleStagePods WaitForStaleStagePodsTerminated WaitForVeleroReady",
    "PreBackupHooks: PreBackupHooks",
    "Backup: CreateDirectImageMigration EnsureInitialBackup InitialBackupCreated",
    "StageBackup: QuiesceSourceApplications EnsureSrcQuiesced CreateDirectVolumeMigrationFinal EnsureStagePodsFromOrphanedPVCs StagePodsCreated AnnotateResources EnsureStageBackup StageBackupCreated EnsureStageBackupReplicated",
    "StageRestore: EnsureStageRestore StageRestoreCreated EnsureStagePodsDeleted EnsureStagePodsTerminated EnsureAnnotationsDeleted",
    "DirectVolume: WaitForDirectVolumeMigrationToComplete",
    "PostBackupHooks: PostBackupHooks",
    "PreRestoreHooks: PreRestoreHooks",
    "Restore: EnsureInitialBackupReplicated EnsureFinalRestore FinalRestoreCreated UnQuiesceDestApplications",
    "PostRestoreHooks: PostRestoreHooks",
    "Cleanup: Verification Completed",
  ]);
});

test("a stage run copies and starts nothing", () => {
  expect(trace("Stage")).toEqual([
    "Prepare: Started StartRefresh WaitForRefresh CleanStaleVeleroCRs CleanStaleStagePods WaitForStaleStagePodsTerminated StageNoOp",
    "StageBackup: QuiesceSourceApplications EnsureSrcQuiesced CreateDirectVolumeMigrationStage WaitForVeleroReady EnsureStagePodsFromOrphanedPVCs StagePodsCreated AnnotateResources EnsureStageBackup StageBackupCreated EnsureStageBackupReplicated",
    "StageRestore: EnsureStageRestore StageRestoreCreated EnsureStagePodsDeleted EnsureStagePodsTerminated EnsureAnnotationsDeleted",
    "DirectVolume: WaitForDirectVolumeMigrationToComplete",
    "Cleanup: Completed",
  ]);
});

test("whatever ends a run early starts the source again last", () => {
  expect(trace("Cancel")).toEqual([
    "CleanupVelero: Canceling AwaitRestoreOver QuiesceDestinationApplications DeleteBackups DeleteRestores",
    "CleanupHelpers: DeleteHookJobs DeleteDirectVolumeMigrationResources EnsureStagePodsDeleted EnsureStagePodsTerminated EnsureAnnotationsDeleted",
    "CleanupUnquiesce: UnQuiesceSrcApplications",
    "Cleanup: Canceled Completed",
  ]);
  expect(trace("Failed")).toEqual([
    "CleanupHelpers: MigrationFailed AwaitRestoreOver QuiesceDestinationApplications DeleteHookJobs DeleteDirectVolumeMigrationResources DeleteBackups DeleteRestores EnsureStagePodsDeleted EnsureStagePodsTerminated EnsureAnnotationsDeleted",
    "CleanupUnquiesce: UnQuiesceSrcApplications",
    "Cleanup: Completed",
  ]);
});

test("a rollback removes what came to the target before it starts the source", () => {
  expect(trace("Rollback")).toEqual([
    "CleanupVelero: Rollback DeleteBackups DeleteRestores",
    "CleanupHelpers: EnsureStagePodsDeleted EnsureAnnotationsDeleted",
    "CleanupMigrated: QuiesceDestinationApplications EnsureDestQuiesced DeleteMigrated EnsureMigratedDeleted",
    "CleanupUnquiesce: UnQuiesceSrcApplications",
    "Cleanup: Completed",
  ]);
});

test("each phase comes once in an itinerary and says what it does", () => {
  for (const stretches of Object.values(itineraries)) {
    const names = stretches.flatMap(({ steps }) => steps.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(phaseDescriptions[name], name).toBeTruthy();
  }
});

const failed = {
  type: "Failed",
  status: "True",
  category: "Advisory",
  lastTransitionTime: "2026-01-01T00:00:00Z",
  durable: true,
};

test.each([
  [{}, "Final"],
  [{ stage: true }, "Stage"],
  [{ migrateState: true }, "Stage"],
  [{ rollback: true }, "Rollback"],
  [{ stage: true, canceled: true }, "Cancel"],
])("%j is carried out as %s", (spec, itinerary) => {
  expect(chooseItinerary({ spec }, new ConditionStage())).toBe(itinerary);
});

test("a failure is cleaned up even when the run was cancelled as well", () => {
  const stage = new ConditionStage([failed]);
  expect(chooseItinerary({ spec: { canceled: true } }, stage)).toBe("Failed");
});
