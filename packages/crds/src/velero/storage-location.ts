import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { closedString, openString } from "../open-string.ts";
import { Base64, GoDuration, StringMap, Time } from "../scalars.ts";
import { veleroGroup } from "./group.ts";

const SecretKey = z.looseObject({
  key: z.string(),
  name: z.string().optional(),
  optional: z.boolean().optional(),
});

/** Where Velero keeps backups. */
export const BackupStorageLocation = defineKind({
  ...veleroGroup,
  kind: "BackupStorageLocation",
  plural: "backupstoragelocations",
  shortNames: ["bsl"],
  printerColumns: [
    { name: "Phase", type: "string", jsonPath: ".status.phase" },
    { name: "Last Validated", type: "date", jsonPath: ".status.lastValidationTime" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Default", type: "boolean", jsonPath: ".spec.default" },
  ],
  fields: {
    spec: z.looseObject({
      provider: z.string(),
      objectStorage: z.looseObject({
        bucket: z.string(),
        prefix: z.string().optional(),
        caCert: Base64.optional(),
        caCertRef: SecretKey.optional(),
      }),
      config: StringMap.optional(),
      credential: SecretKey.optional(),
      default: z.boolean().optional(),
      accessMode: closedString("ReadOnly", "ReadWrite").optional(),
      backupSyncPeriod: GoDuration.nullish(),
      validationFrequency: GoDuration.nullish(),
    }),
    status: z
      .looseObject({
        phase: openString("Available", "Unavailable").optional(),
        lastSyncedTime: Time.nullish(),
        lastValidationTime: Time.nullish(),
        lastSyncedRevision: z.string().optional(),
        accessMode: openString("ReadOnly", "ReadWrite").optional(),
        message: z.string().optional(),
      })
      .optional(),
  },
});
export type BackupStorageLocation = z.infer<typeof BackupStorageLocation.schema>;

/** Where Velero keeps volume snapshots. */
export const VolumeSnapshotLocation = defineKind({
  ...veleroGroup,
  kind: "VolumeSnapshotLocation",
  plural: "volumesnapshotlocations",
  shortNames: ["vsl"],
  fields: {
    spec: z.looseObject({
      provider: z.string(),
      config: StringMap.optional(),
      credential: SecretKey.optional(),
    }),
    status: z.looseObject({ phase: openString("Available", "Unavailable").optional() }).optional(),
  },
});
export type VolumeSnapshotLocation = z.infer<typeof VolumeSnapshotLocation.schema>;

/** The repository that holds the volumes of one namespace. */
export const BackupRepository = defineKind({
  ...veleroGroup,
  kind: "BackupRepository",
  plural: "backuprepositories",
  listKind: "BackupRepositoryList",
  printerColumns: [
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Repository Type", type: "string", jsonPath: ".spec.repositoryType" },
  ],
  fields: {
    spec: z.looseObject({
      volumeNamespace: z.string(),
      backupStorageLocation: z.string(),
      repositoryType: openString("kopia", "restic", "").optional(),
      // Upstream's spelling differs from PodVolumeBackup's repoIdentifier.
      resticIdentifier: z.string().optional(),
      maintenanceFrequency: GoDuration,
      repositoryConfig: StringMap.nullish(),
    }),
    status: z
      .looseObject({
        phase: openString("New", "Ready", "NotReady").optional(),
        message: z.string().optional(),
        lastMaintenanceTime: Time.nullish(),
        recentMaintenance: z
          .array(
            z.looseObject({
              result: openString("Succeeded", "Failed").optional(),
              startTimestamp: Time.nullish(),
              completeTimestamp: Time.nullish(),
              message: z.string().optional(),
            }),
          )
          .optional(),
      })
      .optional(),
  },
});
export type BackupRepository = z.infer<typeof BackupRepository.schema>;
