import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { GoDuration, Int32, StringMap, Time } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { ageColumn, column } from "./printer-columns.ts";

const Spec = z.looseObject({
  clusterRef: ObjectReference.optional().describe(
    "Where the transfer pods run; the source cluster.",
  ),
  podRef: ObjectReference.optional().describe("One pod; the older way."),
  podNamespace: z.string().optional(),
  podSelector: StringMap.optional().describe("Must hold migration.openshift.io/created-for-pvc."),
});

/** One attempt to copy a claim. */
export const RsyncPodStatus = z.looseObject({
  podName: z.string().optional(),
  phase: openString("Pending", "Running", "Succeeded", "Failed", "Unknown").optional(),
  exitCode: Int32.optional(),
  containerElapsedTime: GoDuration.optional(),
  logMessage: z.string().optional(),
  lastObservedProgressPercent: z.string().optional(),
  lastObservedTransferRate: z.string().optional(),
  creationTimestamp: Time.optional(),
});
export type RsyncPodStatus = z.infer<typeof RsyncPodStatus>;

/** Drover's own: what a transfer or a comparison of both ends counted. */
export const CopyFigures = z.looseObject({
  proof: openString("metadata", "checksum").optional(),
  entries: z.int().optional(),
  bytes: z.int().optional(),
  copiedFiles: z.int().optional(),
  copiedBytes: z.int().optional(),
  differences: z.int().optional(),
  differingPaths: z.array(z.string()).readonly().optional().describe("At most 100."),
});
export type CopyFigures = z.infer<typeof CopyFigures>;

const Status = RsyncPodStatus.extend({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
  totalProgressPercentage: z.string().optional(),
  rsyncElapsedTime: GoDuration.optional(),
  copied: CopyFigures.optional().describe("What the last finished transfer copied."),
  verification: CopyFigures.optional().describe("What the comparison of both ends found."),
  rsyncPodStatuses: z.array(RsyncPodStatus).optional().describe("Finished attempts."),
});

/** How far the copy of one claim came. */
export const DirectVolumeMigrationProgress = defineKind({
  ...migrationGroup,
  kind: "DirectVolumeMigrationProgress",
  plural: "directvolumemigrationprogresses",
  shortNames: ["dvmp"],
  printerColumns: [
    column("Cluster", ".spec.clusterRef.name"),
    column("Pod Name", ".status.podName"),
    column("Pod Namespace", ".spec.podNamespace"),
    column("Progress Percent", ".status.totalProgressPercentage"),
    column("Transfer Rate", ".status.lastObservedTransferRate"),
    ageColumn,
  ],
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type DirectVolumeMigrationProgress = z.infer<typeof DirectVolumeMigrationProgress.schema>;
