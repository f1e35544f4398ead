import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { Int64, StringMap, Time } from "../scalars.ts";

// Velero keeps its data movers in a version of their own.
const dataMover = { group: "velero.io", version: "v2alpha1" } as const;

const Status = z.looseObject({
  phase: openString(
    "New",
    "Accepted",
    "Prepared",
    "InProgress",
    "Canceling",
    "Canceled",
    "Completed",
    "Failed",
  ).optional(),
  message: z.string().optional(),
  node: z.string().optional(),
  startTimestamp: Time.nullish(),
  completionTimestamp: Time.nullish(),
  progress: z.looseObject({ totalBytes: Int64.optional(), bytesDone: Int64.optional() }).optional(),
});

/** The upload of one volume snapshot to a storage location. */
export const DataUpload = defineKind({
  ...dataMover,
  kind: "DataUpload",
  plural: "datauploads",
  fields: {
    spec: z.looseObject({
      snapshotType: z.string(),
      sourcePVC: z.string(),
      sourceNamespace: z.string(),
      backupStorageLocation: z.string(),
      operationTimeout: z.string(),
      datamover: z.string().optional(),
      cancel: z.boolean().optional(),
      dataMoverConfig: StringMap.nullish(),
    }),
    status: Status.extend({
      path: z.string().optional(),
      snapshotID: z.string().optional(),
    }).optional(),
  },
});
export type DataUpload = z.infer<typeof DataUpload.schema>;

/** The download of one volume from a storage location. */
export const DataDownload = defineKind({
  ...dataMover,
  kind: "DataDownload",
  plural: "datadownloads",
  fields: {
    spec: z.looseObject({
      targetVolume: z.looseObject({ pvc: z.string(), pv: z.string(), namespace: z.string() }),
      sourceNamespace: z.string(),
      snapshotID: z.string(),
      backupStorageLocation: z.string(),
      operationTimeout: z.string(),
      datamover: z.string().optional(),
      cancel: z.boolean().optional(),
      dataMoverConfig: StringMap.nullish(),
    }),
    status: Status.optional(),
  },
});
export type DataDownload = z.infer<typeof DataDownload.schema>;
