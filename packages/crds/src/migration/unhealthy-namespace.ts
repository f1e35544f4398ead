import { z } from "zod";

/** A namespace with workloads that are not healthy. */
export const UnhealthyNamespace = z.looseObject({
  name: z.string(),
  workloads: z.array(
    z.looseObject({ name: z.string(), resources: z.array(z.string()).optional() }),
  ),
});
export type UnhealthyNamespace = z.infer<typeof UnhealthyNamespace>;
