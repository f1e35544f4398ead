import type { ItineraryName, MigMigration } from "@drover/crds";
import type { ConditionStage } from "../runtime/condition-stage.ts";
import { done } from "../runtime/outcome.ts";
import type { MigrationScope, MigrationStep, Stretch } from "./migration-scope.ts";
import {
  awaitBackup,
  awaitVelero,
  createInitialBackup,
  createStageBackup,
  replicateBackup,
} from "./steps/back-up.ts";
import {
  awaitRestoreOver,
  begin,
  beginCancel,
  deleteBackups,
  deleteRestores,
  deleteVolumeMigration,
  endCancel,
  hasRestored,
  keepFailedVolumeMigration,
} from "./steps/clean-up.ts";
import { awaitMigratedDeleted, deleteMigrated } from "./steps/delete-migrated.ts";
import { reportImages } from "./steps/images.ts";
import { awaitVolumeMigration, createVolumeMigration } from "./steps/migrate-volumes.ts";
import {
  awaitRefresh,
  awaitStagePodsGone,
  cleanStaleVelero,
  removeStagePods,
  start,
  startRefresh,
} from "./steps/prepare.ts";
import {
  awaitSourceQuiet,
  awaitTargetQuiet,
  quiesceSource,
  quiesceTarget,
  unquiesceSource,
  unquiesceTarget,
} from "./steps/quiesce.ts";
import { reportUnproven } from "./steps/report-unproven.ts";
import { reportNoOp } from "./steps/report-no-op.ts";
import { awaitRestore, createFinalRestore } from "./steps/restore.ts";
import {
  awaitStagePods,
  createStagePods,
  createStageRestore,
  hasStageBackup,
  hasStagedVolumes,
  markForStage,
  removeMarks,
} from "./steps/stage-volumes.ts";
import { deleteHookJobs, runHook } from "./steps/run-hooks.ts";
import { verifyHealth } from "./steps/verify.ts";

const prepare = [
  start,
  startRefresh,
  awaitRefresh,
  cleanStaleVelero,
  removeStagePods("CleanStaleStagePods"),
  awaitStagePodsGone("WaitForStaleStagePodsTerminated"),
];

/** The last phase of every run. */
const complete: MigrationStep = { name: "Completed", run: async () => done };

const completeCutover: MigrationStep = {
  name: "Completed",
  async run(scope) {
    reportUnproven(scope);
    return done;
  },
};

const stopTarget = [awaitRestoreOver, { ...quiesceTarget, when: hasRestored }];

const stageBackup = [
  createStagePods,
  awaitStagePods,
  markForStage,
  createStageBackup(hasStageBackup),
  awaitBackup({ purpose: "stage", when: hasStageBackup }),
  replicateBackup({ purpose: "stage", when: hasStageBackup }),
];

const stageRestore = [
  createStageRestore,
  awaitRestore({ purpose: "stage", when: hasStageBackup }),
  { ...removeStagePods("EnsureStagePodsDeleted"), when: hasStagedVolumes },
  { ...awaitStagePodsGone("EnsureStagePodsTerminated"), when: hasStagedVolumes },
  { ...removeMarks, when: hasStageBackup },
];

/** What another run has stopped stays stopped: after a cutover the source must not start beside the target. */
const resumeSource = {
  ...unquiesceSource,
  when: ({ pass }: MigrationScope) =>
    pass.status.startTimestamp !== undefined && Boolean(pass.object.spec.quiescePods),
};

/** What each kind of run does, in order. Data is copied only after the applications have stopped, and proven before any starts. */
export const itineraries: Readonly<Record<ItineraryName, readonly Stretch[]>> = {
  Stage: [
    { pipeline: "Prepare", steps: [...prepare, reportNoOp] },
    {
      pipeline: "StageBackup",
      steps: [
        quiesceSource,
        awaitSourceQuiet,
        createVolumeMigration("CreateDirectVolumeMigrationStage"),
        { ...awaitVelero, when: hasStageBackup },
        ...stageBackup,
      ],
    },
    { pipeline: "StageRestore", steps: stageRestore },
    { pipeline: "DirectVolume", steps: [awaitVolumeMigration] },
    { pipeline: "Cleanup", steps: [complete] },
  ],
  Final: [
    { pipeline: "Prepare", steps: [...prepare, awaitVelero] },
    { pipeline: "PreBackupHooks", steps: [runHook("PreBackup")] },
    {
      pipeline: "Backup",
      steps: [reportImages, createInitialBackup, awaitBackup({ purpose: "initial" })],
    },
    {
      pipeline: "StageBackup",
      steps: [
        quiesceSource,
        awaitSourceQuiet,
        createVolumeMigration("CreateDirectVolumeMigrationFinal"),
        ...stageBackup,
      ],
    },
    { pipeline: "StageRestore", steps: stageRestore },
    { pipeline: "DirectVolume", steps: [awaitVolumeMigration] },
    { pipeline: "PostBackupHooks", steps: [runHook("PostBackup")] },
    { pipeline: "PreRestoreHooks", steps: [runHook("PreRestore")] },
    {
      pipeline: "Restore",
      steps: [
        replicateBackup({ purpose: "initial" }),
        createFinalRestore,
        awaitRestore({ purpose: "final" }),
        unquiesceTarget,
      ],
    },
    { pipeline: "PostRestoreHooks", steps: [runHook("PostRestore")] },
    { pipeline: "Cleanup", steps: [verifyHealth, completeCutover] },
  ],
  Cancel: [
    {
      pipeline: "CleanupVelero",
      steps: [beginCancel, ...stopTarget, deleteBackups, deleteRestores],
    },
    {
      pipeline: "CleanupHelpers",
      steps: [
        deleteHookJobs,
        deleteVolumeMigration,
        removeStagePods("EnsureStagePodsDeleted"),
        awaitStagePodsGone("EnsureStagePodsTerminated"),
        removeMarks,
      ],
    },
    { pipeline: "CleanupUnquiesce", steps: [resumeSource] },
    { pipeline: "Cleanup", steps: [endCancel, complete] },
  ],
  Failed: [
    {
      pipeline: "CleanupHelpers",
      steps: [
        begin("MigrationFailed"),
        ...stopTarget,
        deleteHookJobs,
        keepFailedVolumeMigration,
        deleteBackups,
        deleteRestores,
        removeStagePods("EnsureStagePodsDeleted"),
        awaitStagePodsGone("EnsureStagePodsTerminated"),
        removeMarks,
      ],
    },
    { pipeline: "CleanupUnquiesce", steps: [resumeSource] },
    { pipeline: "Cleanup", steps: [complete] },
  ],
  Rollback: [
    { pipeline: "CleanupVelero", steps: [begin("Rollback"), deleteBackups, deleteRestores] },
    { pipeline: "CleanupHelpers", steps: [removeStagePods("EnsureStagePodsDeleted"), removeMarks] },
    {
      pipeline: "CleanupMigrated",
      steps: [quiesceTarget, awaitTargetQuiet, deleteMigrated, awaitMigratedDeleted],
    },
    { pipeline: "CleanupUnquiesce", steps: [unquiesceSource] },
    { pipeline: "Cleanup", steps: [complete] },
  ],
};

/** Failure wins over cancelling, and that over whatever was wanted. */
export function chooseItinerary(
  { spec, status }: Pick<MigMigration, "spec" | "status">,
  conditions: Pick<ConditionStage, "has">,
): ItineraryName {
  const { errors = [] } = status ?? {};
  if (conditions.has("Failed") || errors.length > 0) return "Failed";
  if (spec.canceled || conditions.has("Canceled", "Canceling")) return "Cancel";
  if (spec.rollback) return "Rollback";
  return spec.stage || spec.migrateState ? "Stage" : "Final";
}

export const phaseDescriptions: Readonly<Record<string, string>> = {
  Started: "Beginning.",
  StartRefresh: "Asking the plan to discover again.",
  WaitForRefresh: "Waiting for the plan to discover again.",
  CleanStaleVeleroCRs: "Removing unfinished backups and restores of earlier runs.",
  CleanStaleStagePods: "Removing stage pods of earlier runs.",
  WaitForStaleStagePodsTerminated: "Waiting for stage pods of earlier runs to end.",
  StageNoOp: "Looking for volumes to copy.",
  WaitForVeleroReady: "Waiting for Velero on both clusters.",
  CreateDirectImageMigration: "Looking for image streams.",
  EnsureInitialBackup: "Creating the backup of the source objects.",
  InitialBackupCreated: "Waiting for the backup of the source objects.",
  PreBackupHooks: "Running the hook before the backup.",
  PostBackupHooks: "Running the hook after the backup.",
  PreRestoreHooks: "Running the hook before the restore.",
  PostRestoreHooks: "Running the hook after the restore.",
  DeleteHookJobs: "Stopping hooks.",
  QuiesceSourceApplications: "Stopping the applications on the source cluster.",
  EnsureSrcQuiesced: "Waiting for the source applications' pods to end.",
  CreateDirectVolumeMigrationStage: "Beginning to copy volumes.",
  CreateDirectVolumeMigrationFinal: "Beginning the last copy of the volumes.",
  WaitForDirectVolumeMigrationToComplete: "Waiting for the volumes to be copied or compared.",
  EnsureInitialBackupReplicated: "Making the backup known to the target cluster.",
  EnsureFinalRestore: "Creating the objects on the target cluster.",
  FinalRestoreCreated: "Waiting for the objects on the target cluster.",
  UnQuiesceDestApplications: "Starting the applications on the target cluster.",
  EnsureStagePodsFromOrphanedPVCs: "Creating stage pods, which hold volumes for Velero.",
  StagePodsCreated: "Waiting for stage pods to run.",
  AnnotateResources: "Marking volumes for the stage backup.",
  EnsureStageBackup: "Creating the backup of the volumes.",
  StageBackupCreated: "Waiting for the backup of the volumes.",
  EnsureStageBackupReplicated: "Making the backup of the volumes known to the target cluster.",
  EnsureStageRestore: "Creating the restore of the volumes.",
  StageRestoreCreated: "Waiting for the restore of the volumes.",
  EnsureAnnotationsDeleted: "Removing the marks of the stage backup.",
  EnsureStagePodsDeleted: "Removing stage pods.",
  EnsureStagePodsTerminated: "Waiting for stage pods to end.",
  Verification: "Checking the health of the migrated workloads.",
  Canceling: "Cancelling.",
  AwaitRestoreOver: "Waiting for a restore under way to end.",
  DeleteBackups: "Deleting backups.",
  DeleteRestores: "Deleting restores.",
  DeleteDirectVolumeMigrationResources: "Calling off the copy of the volumes.",
  UnQuiesceSrcApplications: "Starting the applications on the source cluster.",
  Canceled: "Cancelled.",
  MigrationFailed: "Cleaning up after a failure.",
  Rollback: "Beginning to roll back.",
  QuiesceDestinationApplications: "Stopping the applications on the target cluster.",
  EnsureDestQuiesced: "Waiting for the target applications' pods to end.",
  DeleteMigrated: "Deleting migrated objects from the target cluster.",
  EnsureMigratedDeleted: "Waiting for migrated objects to be gone from the target cluster.",
  Completed: "Complete.",
};
