import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { AnyObject, StringMap } from "../scalars.ts";

export const ImageStream = defineKind({
  group: "image.openshift.io",
  version: "v1",
  kind: "ImageStream",
  plural: "imagestreams",
  shortNames: ["is"],
  statusSubresource: true,
  printerColumns: [
    { name: "Image Repository", type: "string", jsonPath: ".status.dockerImageRepository" },
  ],
  fields: {
    spec: z
      .looseObject({
        dockerImageRepository: z.string().optional(),
        lookupPolicy: z.looseObject({ local: z.boolean() }).optional(),
        tags: z
          .array(
            z.looseObject({
              name: z.string(),
              annotations: StringMap.nullish(),
              from: ObjectReference.optional(),
              reference: z.boolean().optional(),
              importPolicy: AnyObject.optional(),
              referencePolicy: AnyObject.optional(),
            }),
          )
          .optional(),
      })
      .optional(),
    status: z
      .looseObject({
        dockerImageRepository: z.string().optional(),
        publicDockerImageRepository: z.string().optional(),
        tags: z
          .array(
            z.looseObject({
              tag: z.string(),
              items: z
                .array(
                  z.looseObject({
                    created: z.string().optional(),
                    dockerImageReference: z.string(),
                    image: z.string(),
                    generation: z.int().optional(),
                  }),
                )
                .nullish(),
            }),
          )
          .optional(),
      })
      .optional(),
  },
});
export type ImageStream = z.infer<typeof ImageStream.schema>;
