import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { GoDuration, Time } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { volumeItineraryNames } from "./itinerary.ts";
import { volumeMigrationPhases } from "./phase.ts";
import { accessModes } from "./plan-volume.ts";

/** A claim to copy, with what it becomes on the target. */
export const VolumeToMigrate = ObjectReference.extend({
  targetStorageClass: z.string().optional().describe("The class of the source claim when absent."),
  targetAccessModes: z
    .array(openString(...accessModes, "auto"))
    .optional()
    .describe("The modes of the source claim when absent."),
  targetVolumeMode: openString("Filesystem", "Block", "auto").optional(),
  targetNamespace: z.string().optional().describe("The source namespace when absent."),
  targetName: z.string().optional().describe("The source name when absent."),
  verify: z.boolean().optional().describe("Compares the content of every file."),
});
export type VolumeToMigrate = z.infer<typeof VolumeToMigrate>;

const Spec = z.looseObject({
  srcMigClusterRef: ObjectReference.optional(),
  destMigClusterRef: ObjectReference.optional(),
  backOffLimit: z.int().optional().describe("Attempts per claim; 20 when absent or 0."),
  createDestinationNamespaces: z.boolean().optional(),
  deleteProgressReportingCRs: z.boolean().optional(),
  liveMigrate: z.boolean().optional(),
  migrationType: openString("Stage", "CutOver", "Rollback").optional(),
  persistentVolumeClaims: z.array(VolumeToMigrate).optional(),
});

/** A transfer pod and how far it came. */
export const PodProgress = ObjectReference.extend({
  pvcRef: ObjectReference.optional(),
  lastObservedProgressPercent: z.string().optional(),
  lastObservedTransferRate: z.string().optional(),
  totalElapsedTime: GoDuration.optional(),
});
export type PodProgress = z.infer<typeof PodProgress>;

/** A live storage migration of a virtual machine and how far it came. */
export const LiveMigrationProgress = z.looseObject({
  vmName: z.string().optional(),
  vmNamespace: z.string().optional(),
  pvcRef: ObjectReference.optional(),
  lastObservedProgressPercent: z.string().optional(),
  lastObservedTransferRate: z.string().optional(),
  totalElapsedTime: GoDuration.optional(),
  message: z.string().optional(),
});
export type LiveMigrationProgress = z.infer<typeof LiveMigrationProgress>;

/** The attempts made for one claim. */
export const RsyncOperation = z.looseObject({
  pvcReference: ObjectReference.optional(),
  currentAttempt: z.int().optional(),
  succeeded: z.boolean().optional(),
  failed: z.boolean().optional(),
});
export type RsyncOperation = z.infer<typeof RsyncOperation>;

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string(),
  phaseDescription: z.string(),
  phase: openString(...volumeMigrationPhases).optional(),
  itinerary: openString(...volumeItineraryNames).optional(),
  startTimestamp: Time.optional(),
  errors: z.array(z.string()).optional(),
  successfulPods: z.array(PodProgress).optional(),
  failedPods: z.array(PodProgress).optional(),
  runningPods: z.array(PodProgress).optional(),
  pendingPods: z.array(PodProgress).optional(),
  unknownPods: z.array(PodProgress).optional(),
  pendingSinceTimeLimitPods: z.array(PodProgress).optional(),
  successfulLiveMigration: z.array(LiveMigrationProgress).optional(),
  runningLiveMigration: z.array(LiveMigrationProgress).optional(),
  pendingLiveMigration: z.array(LiveMigrationProgress).optional(),
  failedLiveMigration: z.array(LiveMigrationProgress).optional(),
  rsyncOperations: z.array(RsyncOperation).optional(),
  skippedVolumes: z.array(z.string()).optional(),
});

/** Copies claims from one cluster straight to another. */
export const DirectVolumeMigration = defineKind({
  ...migrationGroup,
  kind: "DirectVolumeMigration",
  plural: "directvolumemigrations",
  shortNames: ["dvm"],
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type DirectVolumeMigration = z.infer<typeof DirectVolumeMigration.schema>;
