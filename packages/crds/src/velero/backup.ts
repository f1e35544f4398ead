import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";
import { openString } from "../open-string.ts";
import { AnyObject, GoDuration, StringMap, Time } from "../scalars.ts";
import { HookStatus, TypedReference, veleroGroup } from "./group.ts";

// Velero's own CustomResourceDefinition accepts null for these.
const names = z.array(z.string()).nullish();

export const backupPhases = [
  "New",
  "Queued",
  "ReadyToStart",
  "FailedValidation",
  "InProgress",
  "WaitingForPluginOperations",
  "WaitingForPluginOperationsPartiallyFailed",
  "Finalizing",
  "FinalizingPartiallyFailed",
  "Completed",
  "PartiallyFailed",
  "Failed",
  "Deleting",
] as const;
export type BackupPhase = (typeof backupPhases)[number];

/** What a backup holds; a schedule has one as its template. */
export const BackupSpec = z.looseObject({
  metadata: z.looseObject({ labels: StringMap.optional() }).optional(),
  includedNamespaces: names,
  excludedNamespaces: names,
  includedResources: names,
  excludedResources: names,
  includedClusterScopedResources: names,
  excludedClusterScopedResources: names,
  includedNamespaceScopedResources: names,
  excludedNamespaceScopedResources: names,
  labelSelector: LabelSelector.nullish(),
  orLabelSelectors: z.array(LabelSelector).nullish(),
  snapshotVolumes: z.boolean().nullish(),
  ttl: GoDuration.optional(),
  includeClusterResources: z.boolean().nullish(),
  hooks: z.looseObject({ resources: z.array(AnyObject).nullish() }).optional(),
  storageLocation: z.string().optional(),
  volumeSnapshotLocations: z.array(z.string()).optional(),
  defaultVolumesToRestic: z.boolean().nullish(),
  defaultVolumesToFsBackup: z.boolean().nullish(),
  orderedResources: StringMap.nullish(),
  csiSnapshotTimeout: GoDuration.optional(),
  itemOperationTimeout: GoDuration.optional(),
  resourcePolicy: TypedReference.nullish(),
  snapshotMoveData: z.boolean().nullish(),
  datamover: z.string().optional(),
  uploaderConfig: z.looseObject({ parallelFilesUpload: z.int().optional() }).nullish(),
  volumeGroupSnapshotLabelKey: z.string().optional(),
});

const Status = z.looseObject({
  version: z.int().optional(),
  formatVersion: z.string().optional(),
  expiration: Time.nullish(),
  phase: openString(...backupPhases).optional(),
  validationErrors: z.array(z.string()).nullish(),
  startTimestamp: Time.nullish(),
  completionTimestamp: Time.nullish(),
  volumeSnapshotsAttempted: z.int().optional(),
  volumeSnapshotsCompleted: z.int().optional(),
  csiVolumeSnapshotsAttempted: z.int().optional(),
  csiVolumeSnapshotsCompleted: z.int().optional(),
  backupItemOperationsAttempted: z.int().optional(),
  backupItemOperationsCompleted: z.int().optional(),
  backupItemOperationsFailed: z.int().optional(),
  queuePosition: z.int().optional(),
  hookStatus: HookStatus.nullish(),
  failureReason: z.string().optional(),
  warnings: z.int().optional(),
  errors: z.int().optional(),
  progress: z
    .looseObject({ totalItems: z.int().optional(), itemsBackedUp: z.int().optional() })
    .nullish(),
});

/** Asks Velero to write objects of a cluster to a storage location. */
export const Backup = defineKind({
  ...veleroGroup,
  kind: "Backup",
  plural: "backups",
  fields: { spec: BackupSpec.prefault({}), status: Status.optional() },
});
export type Backup = z.infer<typeof Backup.schema>;
