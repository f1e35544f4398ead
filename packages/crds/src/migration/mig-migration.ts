import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Int64, Time } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { itineraryNames } from "./itinerary.ts";
import { migrationPhases } from "./phase.ts";
import { pipelineSteps } from "./pipeline-step.ts";
import { ageColumn, column, readyColumn } from "./printer-columns.ts";
import { UnhealthyNamespace } from "./unhealthy-namespace.ts";

const Spec = z.looseObject({
  migPlanRef: ObjectReference.optional(),
  stage: z
    .boolean()
    .optional()
    .describe("Copies data and leaves the application running on the source."),
  migrateState: z.boolean().optional().describe("Moves volumes only, or converts storage classes."),
  rollback: z.boolean().optional().describe("Undoes the plan's last cutover."),
  canceled: z.boolean().optional().describe("Set on a running migration to stop it."),
  quiescePods: z.boolean().optional().describe("Scales workloads down before the last copy."),
  keepAnnotations: z.boolean().optional().describe("Leaves stage annotations and labels in place."),
  verify: z.boolean().optional().describe("Checks the health of the workloads after a cutover."),
  runAsRoot: z.boolean().optional().describe("Runs rsync as root; wins over user and group."),
  runAsUser: Int64.optional(),
  runAsGroup: Int64.optional(),
});

/** One step of a migration's pipeline. */
export const PipelineStep = z.looseObject({
  name: openString(...pipelineSteps),
  phase: openString(...migrationPhases).optional(),
  message: z.string().optional(),
  progress: z.array(z.string()).optional(),
  started: Time.optional(),
  completed: Time.optional(),
  failed: z.boolean().optional(),
  skipped: z.boolean().optional(),
});
export type PipelineStep = z.infer<typeof PipelineStep>;

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
  startTimestamp: Time.optional(),
  phase: openString(...migrationPhases).optional(),
  itinerary: openString(...itineraryNames).optional(),
  errors: z.array(z.string()).optional(),
  pipeline: z.array(PipelineStep).optional(),
  namespaces: z
    .array(UnhealthyNamespace)
    .optional()
    .describe("Destination namespaces that the verification found unhealthy."),
});

/** One run of a plan: a stage, a cutover, a state migration or a rollback. */
export const MigMigration = defineKind({
  ...migrationGroup,
  kind: "MigMigration",
  plural: "migmigrations",
  printerColumns: [
    readyColumn,
    column("Plan", ".spec.migPlanRef.name"),
    column("Stage", ".spec.stage"),
    column("Rollback", ".spec.rollback"),
    column("Itinerary", ".status.itinerary"),
    column("Phase", ".status.phase"),
    ageColumn,
  ],
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type MigMigration = z.infer<typeof MigMigration.schema>;
