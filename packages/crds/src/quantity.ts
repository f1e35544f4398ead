import { z } from "zod";

/** An amount as Kubernetes writes it: `10Gi`, `500m`, `1e3`, or a plain number. */
export const Quantity = z
  .union([z.string(), z.number()])
  .meta({ "x-kubernetes-int-or-string": true, quantity: true });
export type Quantity = z.infer<typeof Quantity>;
