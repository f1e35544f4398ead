import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { IntOrString } from "../scalars.ts";

export const Route = defineKind({
  group: "route.openshift.io",
  version: "v1",
  kind: "Route",
  plural: "routes",
  statusSubresource: true,
  printerColumns: [
    { name: "Host", type: "string", jsonPath: ".status.ingress[0].host" },
    { name: "Service", type: "string", jsonPath: ".spec.to.name" },
    { name: "Termination", type: "string", jsonPath: ".spec.tls.termination" },
  ],
  fields: {
    spec: z.looseObject({
      host: z.string().optional(),
      subdomain: z.string().optional(),
      path: z.string().optional(),
      port: z.looseObject({ targetPort: IntOrString }).optional(),
      to: z.looseObject({
        kind: openString("Service").optional(),
        name: z.string(),
        weight: z.int().nullish(),
      }),
      tls: z
        .looseObject({
          termination: openString("edge", "passthrough", "reencrypt"),
          insecureEdgeTerminationPolicy: openString("None", "Allow", "Redirect").optional(),
        })
        .optional(),
      wildcardPolicy: z.string().optional(),
    }),
    status: z
      .looseObject({
        ingress: z
          .array(
            z.looseObject({
              host: z.string().optional(),
              routerName: z.string().optional(),
              routerCanonicalHostname: z.string().optional(),
              wildcardPolicy: z.string().optional(),
              conditions: z.array(KubeCondition).optional(),
            }),
          )
          .optional(),
      })
      .optional(),
  },
});
export type Route = z.infer<typeof Route.schema>;
