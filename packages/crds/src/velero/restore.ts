import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";
import { openString } from "../open-string.ts";
import { AnyObject, GoDuration, StringMap, Time } from "../scalars.ts";
import { HookStatus, TypedReference, veleroGroup } from "./group.ts";

const names = z.array(z.string()).nullish();

export const restorePhases = [
  "New",
  "FailedValidation",
  "InProgress",
  "WaitingForPluginOperations",
  "WaitingForPluginOperationsPartiallyFailed",
  "Finalizing",
  "FinalizingPartiallyFailed",
  "Completed",
  "PartiallyFailed",
  "Failed",
] as const;
export type RestorePhase = (typeof restorePhases)[number];

const Spec = z.looseObject({
  backupName: z.string().optional(),
  scheduleName: z.string().optional(),
  includedNamespaces: names,
  excludedNamespaces: names,
  includedResources: names,
  excludedResources: names,
  namespaceMapping: StringMap.nullish(),
  labelSelector: LabelSelector.nullish(),
  orLabelSelectors: z.array(LabelSelector).nullish(),
  restorePVs: z.boolean().nullish(),
  restoreStatus: z.looseObject({ includedResources: names, excludedResources: names }).nullish(),
  preserveNodePorts: z.boolean().nullish(),
  includeClusterResources: z.boolean().nullish(),
  hooks: z.looseObject({ resources: z.array(AnyObject).optional() }).optional(),
  existingResourcePolicy: z.string().nullish(),
  itemOperationTimeout: GoDuration.optional(),
  resourceModifier: TypedReference.nullish(),
  uploaderConfig: z
    .looseObject({
      parallelFilesDownload: z.int().optional(),
      writeSparseFiles: z.boolean().nullish(),
    })
    .nullish(),
});

const Status = z.looseObject({
  phase: openString(...restorePhases).optional(),
  validationErrors: z.array(z.string()).nullish(),
  warnings: z.int().optional(),
  errors: z.int().optional(),
  failureReason: z.string().optional(),
  startTimestamp: Time.nullish(),
  completionTimestamp: Time.nullish(),
  restoreItemOperationsAttempted: z.int().optional(),
  restoreItemOperationsCompleted: z.int().optional(),
  restoreItemOperationsFailed: z.int().optional(),
  hookStatus: HookStatus.nullish(),
  progress: z
    .looseObject({ totalItems: z.int().optional(), itemsRestored: z.int().optional() })
    .nullish(),
});

/** Asks Velero to create the objects of a backup. */
export const Restore = defineKind({
  ...veleroGroup,
  kind: "Restore",
  plural: "restores",
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type Restore = z.infer<typeof Restore.schema>;
