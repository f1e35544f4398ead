import { z } from "zod";
import { defineKind } from "../define-kind.ts";

/** How routes of a cluster are named; one object called `cluster`. OpenShift's own kind is `Ingress`. */
export const ClusterIngress = defineKind({
  group: "config.openshift.io",
  version: "v1",
  kind: "Ingress",
  plural: "ingresses",
  namespaced: false,
  fields: { spec: z.looseObject({ domain: z.string().optional() }).optional() },
});
export type ClusterIngress = z.infer<typeof ClusterIngress.schema>;
