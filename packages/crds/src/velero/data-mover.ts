import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import type { PrinterColumn } from "../define-kind.ts";
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
  acceptedByNode: z.string().optional(),
  acceptedTimestamp: Time.nullish(),
  startTimestamp: Time.nullish(),
  completionTimestamp: Time.nullish(),
  progress: z.looseObject({ totalBytes: Int64.optional(), bytesDone: Int64.optional() }).optional(),
});

const columns: readonly PrinterColumn[] = [
  { name: "Status", type: "string", jsonPath: ".status.phase" },
  { name: "Started", type: "date", jsonPath: ".status.startTimestamp" },
  { name: "Bytes Done", type: "integer", jsonPath: ".status.progress.bytesDone" },
  { name: "Total Bytes", type: "integer", jsonPath: ".status.progress.totalBytes" },
  { name: "Storage Location", type: "string", jsonPath: ".spec.backupStorageLocation" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  { name: "Node", type: "string", jsonPath: ".status.node" },
];

/** The upload of one volume snapshot to a storage location. */
export const DataUpload = defineKind({
  ...dataMover,
  kind: "DataUpload",
  plural: "datauploads",
  printerColumns: columns,
  fields: {
    spec: z.looseObject({
      snapshotType: z.string(),
      csiSnapshot: z
        .looseObject({
          volumeSnapshot: z.string(),
          storageClass: z.string(),
          snapshotClass: z.string().optional(),
          driver: z.string().optional(),
        })
        .nullish(),
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
      incrementalBytes: Int64.optional(),
      dataMoverResult: StringMap.nullish(),
      nodeOS: openString("auto", "linux", "windows").optional(),
    }).optional(),
  },
});
export type DataUpload = z.infer<typeof DataUpload.schema>;

/** The download of one volume from a storage location. */
export const DataDownload = defineKind({
  ...dataMover,
  kind: "DataDownload",
  plural: "datadownloads",
  printerColumns: columns,
  fields: {
    spec: z.looseObject({
      targetVolume: z.looseObject({ pvc: z.string(), pv: z.string(), namespace: z.string() }),
      sourceNamespace: z.string(),
      snapshotID: z.string(),
      snapshotSize: Int64.optional(),
      nodeOS: openString("auto", "linux", "windows").optional(),
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
