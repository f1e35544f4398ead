import type { MigrationPhase, VolumeMigrationPhase } from "./phase.ts";
import type { PipelineStepName } from "./pipeline-step.ts";

/** The values of a MigMigration's `status.itinerary`. */
export const itineraryNames = ["Stage", "Final", "Cancel", "Failed", "Rollback"] as const;
export type ItineraryName = (typeof itineraryNames)[number];

/** The values of a DirectVolumeMigration's `status.itinerary`. */
export const volumeItineraryNames = [
  "VolumeMigration",
  "VolumeMigrationFailed",
  "VolumeMigrationRollback",
] as const;
export type VolumeItineraryName = (typeof volumeItineraryNames)[number];

/** The values of `status.itinerary` of image migrations; upstream's own name for the first really is `PVC`. */
export const imageItineraryNames = ["PVC", "Failed"] as const;
export type ImageItineraryName = (typeof imageItineraryNames)[number];

/** The phases of one pipeline step, in order. A step may come up again later in an itinerary. */
export type ItineraryStretch = {
  readonly step: PipelineStepName;
  readonly phases: readonly MigrationPhase[];
};

const prepare: readonly MigrationPhase[] = [
  "",
  "Started",
  "StartRefresh",
  "WaitForRefresh",
  "CleanStaleAnnotations",
  "CleanStaleResticCRs",
  "CleanStaleVeleroCRs",
  "RestartVelero",
  "CleanStaleStagePods",
  "WaitForStaleStagePodsTerminated",
  "CreateRegistries",
];

const stagePods: readonly MigrationPhase[] = [
  "EnsureStagePodsFromRunning",
  "EnsureStagePodsFromTemplates",
  "EnsureStagePodsFromOrphanedPVCs",
  "StagePodsCreated",
  "RestartRestic",
  "AnnotateResources",
];

const stageBackup: readonly MigrationPhase[] = [
  "EnsureStageBackup",
  "StageBackupCreated",
  "EnsureStageBackupReplicated",
];

const deleteStagePods: readonly MigrationPhase[] = [
  "EnsureStagePodsDeleted",
  "EnsureStagePodsTerminated",
  "EnsureAnnotationsDeleted",
];

/** Upstream's itineraries: which phase belongs to which pipeline step, and in which order they run. */
export const upstreamItineraries: Readonly<Record<ItineraryName, readonly ItineraryStretch[]>> = {
  Stage: [
    { step: "Prepare", phases: prepare },
    {
      step: "StageBackup",
      phases: [
        "CreateDirectImageMigration",
        "QuiesceSourceApplications",
        "EnsureSrcQuiesced",
        "CreateDirectVolumeMigrationStage",
        ...stagePods,
        "WaitForVeleroReady",
        "WaitForResticReady",
        "WaitForRegistriesReady",
        "EnsureCloudSecretPropagated",
        ...stageBackup,
      ],
    },
    { step: "StageRestore", phases: ["EnsureStageRestore", "StageRestoreCreated"] },
    { step: "DirectImage", phases: ["WaitForDirectImageMigrationToComplete"] },
    { step: "DirectVolume", phases: ["WaitForDirectVolumeMigrationToComplete"] },
    {
      step: "Cleanup",
      phases: ["SwapPVCReferences", "DeleteRegistries", ...deleteStagePods, "Completed"],
    },
  ],
  Final: [
    {
      step: "Prepare",
      phases: [
        ...prepare,
        "WaitForVeleroReady",
        "WaitForRegistriesReady",
        "EnsureCloudSecretPropagated",
      ],
    },
    { step: "PreBackupHooks", phases: ["PreBackupHooks"] },
    { step: "Backup", phases: ["CreateDirectImageMigration"] },
    { step: "StageBackup", phases: ["CreateDirectVolumeMigrationStage"] },
    { step: "Backup", phases: ["EnsureInitialBackup", "InitialBackupCreated"] },
    {
      step: "StageBackup",
      phases: [
        "QuiesceSourceApplications",
        "EnsureSrcQuiesced",
        ...stagePods,
        "WaitForResticReady",
        "CreateDirectVolumeMigrationFinal",
        ...stageBackup,
      ],
    },
    {
      step: "StageRestore",
      phases: ["EnsureStageRestore", "StageRestoreCreated", ...deleteStagePods],
    },
    { step: "DirectImage", phases: ["WaitForDirectImageMigrationToComplete"] },
    { step: "DirectVolume", phases: ["WaitForDirectVolumeMigrationToComplete"] },
    { step: "PostBackupHooks", phases: ["PostBackupHooks"] },
    { step: "PreRestoreHooks", phases: ["PreRestoreHooks"] },
    {
      step: "Restore",
      phases: [
        "EnsureInitialBackupReplicated",
        "EnsureFinalRestore",
        "FinalRestoreCreated",
        "UnQuiesceDestApplications",
      ],
    },
    { step: "PostRestoreHooks", phases: ["PostRestoreHooks"] },
    {
      step: "Cleanup",
      phases: ["SwapPVCReferences", "DeleteRegistries", "Verification", "Completed"],
    },
  ],
  Cancel: [
    { step: "CleanupVelero", phases: ["Canceling", "DeleteBackups", "DeleteRestores"] },
    {
      step: "CleanupHelpers",
      phases: [
        "DeleteRegistries",
        "DeleteHookJobs",
        "DeleteDirectVolumeMigrationResources",
        "DeleteDirectImageMigrationResources",
        "EnsureStagePodsDeleted",
        "EnsureAnnotationsDeleted",
      ],
    },
    { step: "CleanupUnquiesce", phases: ["UnQuiesceSrcApplications"] },
    { step: "Cleanup", phases: ["Canceled", "Completed"] },
  ],
  Failed: [
    {
      step: "CleanupHelpers",
      phases: ["MigrationFailed", "DeleteRegistries", "EnsureAnnotationsDeleted"],
    },
    { step: "Cleanup", phases: ["Completed"] },
  ],
  Rollback: [
    { step: "CleanupVelero", phases: ["Rollback", "DeleteBackups", "DeleteRestores"] },
    {
      step: "CleanupHelpers",
      phases: ["DeleteRegistries", "EnsureStagePodsDeleted", "EnsureAnnotationsDeleted"],
    },
    {
      step: "CleanupMigrated",
      phases: ["QuiesceDestinationApplications", "EnsureDestQuiesced", "SwapPVCReferences"],
    },
    {
      step: "RollbackLiveMigration",
      phases: [
        "CreateDirectVolumeMigrationRollback",
        "WaitForDirectVolumeMigrationToRollbackComplete",
      ],
    },
    { step: "CleanupMigrated", phases: ["DeleteMigrated", "EnsureMigratedDeleted"] },
    { step: "CleanupUnquiesce", phases: ["UnQuiesceSrcApplications"] },
    { step: "Cleanup", phases: ["Completed"] },
  ],
};

/** Upstream's itineraries of a DirectVolumeMigration, phase by phase. */
export const upstreamVolumeItineraries: Readonly<
  Record<VolumeItineraryName, readonly VolumeMigrationPhase[]>
> = {
  VolumeMigration: [
    "",
    "Started",
    "Prepare",
    "CleanStaleRsyncResources",
    "WaitForStaleRsyncResourcesTerminated",
    "VerifyVMs",
    "CreateDestinationNamespaces",
    "DestinationNamespacesCreated",
    "CreateDestinationPVCs",
    "DeleteStaleVirtualMachineInstanceMigrations",
    "CreateRsyncRoute",
    "EnsureRsyncRouteAdmitted",
    "CreateRsyncConfig",
    "CreateStunnelConfig",
    "CreatePVProgressCRs",
    "CreateRsyncTransferPods",
    "WaitForRsyncTransferPodsRunning",
    "RunRsyncOperations",
    "DeleteRsyncResources",
    "WaitForRsyncResourcesTerminated",
    "CleanupStaleVirtHandlerPods",
    "Completed",
  ],
  VolumeMigrationRollback: [
    "",
    "Started",
    "Prepare",
    "CleanStaleRsyncResources",
    "DeleteStaleVirtualMachineInstanceMigrations",
    "WaitForStaleRsyncResourcesTerminated",
    "RunRsyncOperations",
    "CleanupStaleVirtHandlerPods",
    "Completed",
  ],
  VolumeMigrationFailed: ["MigrationFailed", "Completed"],
};
