import { z } from "zod";
import { openString } from "./open-string.ts";
import { Time } from "./scalars.ts";

/** How far a condition reaches: Critical stops work, Error only withholds Ready, the others block nothing. */
export const conditionCategories = ["Critical", "Error", "Warn", "Required", "Advisory"] as const;
export type ConditionCategory = (typeof conditionCategories)[number];

/** One entry of `status.conditions` of a migration resource. */
export const Condition = z.looseObject({
  type: z.string(),
  status: openString("True", "False"),
  category: openString(...conditionCategories),
  lastTransitionTime: Time,
  reason: z.string().optional(),
  message: z.string().optional(),
  durable: z.boolean().optional(),
});
export type Condition = z.infer<typeof Condition>;

/** One entry of `status.conditions` of a Kubernetes, OpenShift or Velero resource. */
export const KubeCondition = z.looseObject({
  type: z.string(),
  status: openString("True", "False", "Unknown"),
  lastTransitionTime: z.string().nullish(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
export type KubeCondition = z.infer<typeof KubeCondition>;
