import { z } from "zod";
import { openString } from "./open-string.ts";

/** Selects objects by their labels; requirements are ANDed. */
export const LabelSelector = z
  .looseObject({
    matchLabels: z.record(z.string(), z.string()).optional(),
    matchExpressions: z
      .array(
        z.looseObject({
          key: z.string(),
          operator: openString("In", "NotIn", "Exists", "DoesNotExist"),
          values: z.array(z.string()).optional(),
        }),
      )
      .optional(),
  })
  .meta({ "x-kubernetes-map-type": "atomic" });
export type LabelSelector = z.infer<typeof LabelSelector>;
