import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { closedString, openString } from "../open-string.ts";
import { Time } from "../scalars.ts";
import { veleroGroup } from "./group.ts";

/** Asks for a URL under which a log or the contents of a backup or restore can be read. */
export const DownloadRequest = defineKind({
  ...veleroGroup,
  kind: "DownloadRequest",
  plural: "downloadrequests",
  fields: {
    spec: z.looseObject({
      target: z.looseObject({
        kind: closedString(
          "BackupLog",
          "BackupContents",
          "BackupVolumeSnapshots",
          "BackupItemOperations",
          "BackupResourceList",
          "BackupResults",
          "RestoreLog",
          "RestoreResults",
          "RestoreResourceList",
          "RestoreItemOperations",
          "CSIBackupVolumeSnapshots",
          "CSIBackupVolumeSnapshotContents",
          "BackupVolumeInfos",
          "RestoreVolumeInfo",
        ),
        name: z.string(),
      }),
    }),
    status: z
      .looseObject({
        phase: openString("New", "Processed").optional(),
        downloadURL: z.string().optional(),
        expiration: Time.nullish(),
      })
      .optional(),
  },
});
export type DownloadRequest = z.infer<typeof DownloadRequest.schema>;

/** Asks for the version and plugins of a Velero server. */
export const ServerStatusRequest = defineKind({
  ...veleroGroup,
  kind: "ServerStatusRequest",
  plural: "serverstatusrequests",
  shortNames: ["ssr"],
  fields: {
    spec: z.looseObject({}).optional(),
    status: z
      .looseObject({
        phase: openString("New", "Processed").optional(),
        processedTimestamp: Time.nullish(),
        serverVersion: z.string().optional(),
        plugins: z.array(z.looseObject({ name: z.string(), kind: z.string() })).nullish(),
      })
      .optional(),
  },
});
export type ServerStatusRequest = z.infer<typeof ServerStatusRequest.schema>;

/** Asks Velero to delete a backup with its data. */
export const DeleteBackupRequest = defineKind({
  ...veleroGroup,
  kind: "DeleteBackupRequest",
  plural: "deletebackuprequests",
  printerColumns: [
    { name: "BackupName", type: "string", jsonPath: ".spec.backupName" },
    { name: "Status", type: "string", jsonPath: ".status.phase" },
  ],
  fields: {
    spec: z.looseObject({ backupName: z.string() }),
    status: z
      .looseObject({
        phase: openString("New", "InProgress", "Processed").optional(),
        errors: z.array(z.string()).nullish(),
      })
      .optional(),
  },
});
export type DeleteBackupRequest = z.infer<typeof DeleteBackupRequest.schema>;
