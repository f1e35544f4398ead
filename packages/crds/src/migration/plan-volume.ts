import { z } from "zod";
import { openString } from "../open-string.ts";
import { Quantity } from "../quantity.ts";

export const volumeActions = ["skip", "copy", "move"] as const;
export type VolumeAction = (typeof volumeActions)[number];

export const copyMethods = ["filesystem", "block", "snapshot"] as const;
export type CopyMethod = (typeof copyMethods)[number];

export const accessModes = [
  "ReadWriteOnce",
  "ReadOnlyMany",
  "ReadWriteMany",
  "ReadWriteOncePod",
] as const;
export type AccessMode = (typeof accessModes)[number];

/** What the user chose for a volume. */
export const PlanVolumeSelection = z.looseObject({
  action: openString(...volumeActions).optional(),
  copyMethod: openString(...copyMethods).optional(),
  storageClass: z.string().optional().describe("Storage class on the target cluster."),
  accessMode: openString(...accessModes, "auto")
    .optional()
    .describe("Overrides the claim's access modes; empty keeps them."),
  verify: z
    .boolean()
    .optional()
    .describe("Compares the content of every file, not only size and time."),
});
export type PlanVolumeSelection = z.infer<typeof PlanVolumeSelection>;

/** The claim of a volume. */
export const PlanVolumeClaim = z.looseObject({
  namespace: z.string().optional().describe("Source namespace."),
  name: z.string().optional().describe("name, or source:target."),
  accessModes: z.array(openString(...accessModes, "auto")).optional(),
  volumeMode: openString("Filesystem", "Block", "auto").optional(),
  hasReference: z.boolean().optional().describe("A running pod or a workload template mounts it."),
  ownerType: openString(
    "VirtualMachine",
    "Deployment",
    "DeploymentConfig",
    "StatefulSet",
    "ReplicaSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "Unknown",
  ).optional(),
});
export type PlanVolumeClaim = z.infer<typeof PlanVolumeClaim>;

/** A discovered volume of a plan with the user's selection. */
export const PlanVolume = z.looseObject({
  name: z
    .string()
    .optional()
    .describe("Name of the PersistentVolume on the source; identifies the entry."),
  capacity: Quantity.optional(),
  storageClass: z.string().optional(),
  supported: z.looseObject({
    actions: z.array(openString(...volumeActions)),
    copyMethods: z.array(openString(...copyMethods)),
  }),
  selection: PlanVolumeSelection,
  pvc: PlanVolumeClaim.optional(),
  capacityConfirmed: z.boolean().optional().describe("The user accepted the proposed capacity."),
  proposedCapacity: Quantity.optional(),
});
export type PlanVolume = z.infer<typeof PlanVolume>;
