import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { migrationGroup } from "./group.ts";
import { hookPhases } from "./hook-phase.ts";
import { PlanVolume, accessModes } from "./plan-volume.ts";
import { ageColumn, column, readyColumn } from "./printer-columns.ts";
import { UnhealthyNamespace } from "./unhealthy-namespace.ts";

/** Binds a hook to a phase of the plan's cutover. */
export const PlanHook = z.looseObject({
  reference: ObjectReference,
  phase: openString(...hookPhases),
  executionNamespace: z.string().describe("Namespace of the Job, on the cluster the hook names."),
  serviceAccount: z.string().describe("Service account of the Job; must exist when the hook runs."),
});
export type PlanHook = z.infer<typeof PlanHook>;

/** A storage class of one of the plan's clusters. */
export const PlanStorageClass = z.looseObject({
  name: z.string().optional(),
  provisioner: z.string().optional(),
  default: z.boolean().optional(),
  volumeAccessModes: z
    .array(
      z.looseObject({
        volumeMode: openString("Filesystem", "Block").optional(),
        accessModes: z.array(openString(...accessModes)).optional(),
      }),
    )
    .optional(),
});
export type PlanStorageClass = z.infer<typeof PlanStorageClass>;

/** A source namespace with kinds that the target does not serve; `kind` holds the plural resource name. */
export const IncompatibleNamespace = z.looseObject({
  name: z.string(),
  gvks: z.array(z.looseObject({ group: z.string(), version: z.string(), kind: z.string() })),
});
export type IncompatibleNamespace = z.infer<typeof IncompatibleNamespace>;

const Spec = z.looseObject({
  srcMigClusterRef: ObjectReference.optional(),
  destMigClusterRef: ObjectReference.optional(),
  migStorageRef: ObjectReference.optional().describe("Not needed to convert storage classes."),
  namespaces: z.array(z.string()).optional().describe("Each is name, or source:destination."),
  persistentVolumes: z
    .array(PlanVolume)
    .optional()
    .describe("Discovered volumes; the selections are the user's."),
  closed: z.boolean().optional().describe("Retires the plan and deletes what belongs to it."),
  hooks: z.array(PlanHook).optional(),
  refresh: z
    .boolean()
    .optional()
    .describe("Discovers and validates again; set back by the controller."),
  indirectImageMigration: z.boolean().optional().describe("Images go through the repository."),
  indirectVolumeMigration: z.boolean().optional().describe("Volumes go through the repository."),
  includedResources: z
    .array(z.looseObject({ group: z.string(), kind: z.string() }))
    .optional()
    .describe("Limits the backup to these kinds of the source cluster."),
  labelSelector: LabelSelector.optional(),
  liveMigrate: z
    .boolean()
    .optional()
    .describe("Migrates the storage of running virtual machines live."),
});

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
  suffix: z
    .string()
    .optional()
    .describe("Four characters that target names of converted claims carry."),
  excludedResources: z.array(z.string()).optional(),
  srcStorageClasses: z.array(PlanStorageClass).optional(),
  destStorageClasses: z.array(PlanStorageClass).optional(),
  incompatibleNamespaces: z.array(IncompatibleNamespace).optional(),
  namespaces: z
    .array(UnhealthyNamespace)
    .optional()
    .describe("Source namespaces with unhealthy pods; not the plan's namespaces."),
});

/** What to move, from where to where, and how. */
export const MigPlan = defineKind({
  ...migrationGroup,
  kind: "MigPlan",
  plural: "migplans",
  printerColumns: [
    readyColumn,
    column("Source", ".spec.srcMigClusterRef.name"),
    column("Target", ".spec.destMigClusterRef.name"),
    column("Storage", ".spec.migStorageRef.name"),
    ageColumn,
  ],
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type MigPlan = z.infer<typeof MigPlan.schema>;
