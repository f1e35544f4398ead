import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { Int64 } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { ageColumn, column, readyColumn } from "./printer-columns.ts";

const Spec = z.looseObject({
  custom: z.boolean().describe("True runs the image as it is, false runs the playbook in it."),
  image: z.string().describe("Container image of the Job."),
  playbook: z.string().optional().describe("Ansible playbook in base64; empty for a custom image."),
  targetCluster: openString("source", "destination"),
  activeDeadlineSeconds: Int64.optional().describe("Time the Job may take; 1800 when absent or 0."),
});

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedGeneration: Int64.optional(),
});

/** A Job that runs at a chosen phase of a cutover. */
export const MigHook = defineKind({
  ...migrationGroup,
  kind: "MigHook",
  plural: "mighooks",
  printerColumns: [
    readyColumn,
    column("Image", ".spec.image"),
    column("TargetCluster", ".spec.targetCluster"),
    ageColumn,
  ],
  fields: { spec: Spec, status: Status.optional() },
});
export type MigHook = z.infer<typeof MigHook.schema>;
