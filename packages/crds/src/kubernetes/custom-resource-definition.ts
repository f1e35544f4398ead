import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { AnyObject } from "../scalars.ts";

const Names = z.looseObject({
  plural: z.string(),
  kind: z.string(),
  singular: z.string().optional(),
  listKind: z.string().optional(),
  shortNames: z.array(z.string()).optional(),
  categories: z.array(z.string()).optional(),
});

export const CustomResourceVersion = z.looseObject({
  name: z.string(),
  served: z.boolean(),
  storage: z.boolean(),
  deprecated: z.boolean().optional(),
  schema: z.looseObject({ openAPIV3Schema: AnyObject.optional() }).optional(),
  subresources: z
    .looseObject({ status: AnyObject.optional(), scale: AnyObject.optional() })
    .optional(),
  additionalPrinterColumns: z
    .array(
      z.looseObject({
        name: z.string(),
        type: z.string(),
        jsonPath: z.string(),
        description: z.string().optional(),
        format: z.string().optional(),
        priority: z.int().optional(),
      }),
    )
    .optional(),
});
export type CustomResourceVersion = z.infer<typeof CustomResourceVersion>;

export const CustomResourceDefinition = defineKind({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  shortNames: ["crd", "crds"],
  namespaced: false,
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      group: z.string(),
      names: Names,
      scope: openString("Namespaced", "Cluster"),
      versions: z.array(CustomResourceVersion),
      preserveUnknownFields: z.boolean().optional(),
      conversion: AnyObject.optional(),
    }),
    status: z
      .looseObject({
        acceptedNames: Names.optional(),
        conditions: z.array(KubeCondition).nullish(),
        storedVersions: z.array(z.string()).nullish(),
      })
      .optional(),
  },
});
export type CustomResourceDefinition = z.infer<typeof CustomResourceDefinition.schema>;
