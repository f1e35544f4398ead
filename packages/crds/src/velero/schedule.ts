import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { Time } from "../scalars.ts";
import { BackupSpec } from "./backup.ts";
import { veleroGroup } from "./group.ts";

/** Asks Velero to make a backup again and again. */
export const Schedule = defineKind({
  ...veleroGroup,
  kind: "Schedule",
  plural: "schedules",
  printerColumns: [
    { name: "Status", type: "string", jsonPath: ".status.phase" },
    { name: "Schedule", type: "string", jsonPath: ".spec.schedule" },
    { name: "LastBackup", type: "date", jsonPath: ".status.lastBackup" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Paused", type: "boolean", jsonPath: ".spec.paused" },
  ],
  fields: {
    spec: z.looseObject({
      template: BackupSpec,
      schedule: z.string(),
      useOwnerReferencesInBackup: z.boolean().nullish(),
      paused: z.boolean().optional(),
      skipImmediately: z.boolean().optional(),
    }),
    status: z
      .looseObject({
        phase: openString("New", "Enabled", "FailedValidation").optional(),
        lastBackup: Time.nullish(),
        lastSkipped: Time.nullish(),
        validationErrors: z.array(z.string()).optional(),
      })
      .optional(),
  },
});
export type Schedule = z.infer<typeof Schedule.schema>;
