import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import type { PrinterColumn } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Int64, StringMap, Time } from "../scalars.ts";
import { veleroGroup } from "./group.ts";

export const podVolumePhases = [
  "New",
  "Accepted",
  "Prepared",
  "InProgress",
  "Canceling",
  "Canceled",
  "Completed",
  "Failed",
] as const;
export type PodVolumePhase = (typeof podVolumePhases)[number];

const Status = z.looseObject({
  phase: openString(...podVolumePhases).optional(),
  message: z.string().optional(),
  acceptedTimestamp: Time.nullish(),
  startTimestamp: Time.nullish(),
  completionTimestamp: Time.nullish(),
  progress: z.looseObject({ totalBytes: Int64.optional(), bytesDone: Int64.optional() }).optional(),
});

const columns: readonly PrinterColumn[] = [
  { name: "Status", type: "string", jsonPath: ".status.phase" },
  { name: "Created", type: "date", jsonPath: ".status.startTimestamp" },
  { name: "Namespace", type: "string", jsonPath: ".spec.pod.namespace" },
  { name: "Pod", type: "string", jsonPath: ".spec.pod.name" },
  { name: "Volume", type: "string", jsonPath: ".spec.volume" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

/** The backup of one volume of a pod. */
export const PodVolumeBackup = defineKind({
  ...veleroGroup,
  kind: "PodVolumeBackup",
  plural: "podvolumebackups",
  printerColumns: columns,
  fields: {
    spec: z.looseObject({
      node: z.string(),
      pod: ObjectReference,
      volume: z.string(),
      backupStorageLocation: z.string(),
      repoIdentifier: z.string(),
      uploaderType: openString("restic", "kopia", "").optional(),
      tags: StringMap.optional(),
      uploaderSettings: StringMap.nullish(),
      cancel: z.boolean().optional(),
    }),
    status: Status.extend({
      path: z.string().optional(),
      snapshotID: z.string().optional(),
      incrementalBytes: Int64.optional(),
    }).optional(),
  },
});
export type PodVolumeBackup = z.infer<typeof PodVolumeBackup.schema>;

/** The restore of one volume into a pod. */
export const PodVolumeRestore = defineKind({
  ...veleroGroup,
  kind: "PodVolumeRestore",
  plural: "podvolumerestores",
  printerColumns: columns,
  fields: {
    spec: z.looseObject({
      pod: ObjectReference,
      volume: z.string(),
      backupStorageLocation: z.string(),
      repoIdentifier: z.string(),
      uploaderType: openString("restic", "kopia", "").optional(),
      snapshotID: z.string(),
      snapshotSize: Int64.optional(),
      sourceNamespace: z.string(),
      uploaderSettings: StringMap.nullish(),
      cancel: z.boolean().optional(),
    }),
    status: Status.extend({ node: z.string().optional() }).optional(),
  },
});
export type PodVolumeRestore = z.infer<typeof PodVolumeRestore.schema>;
