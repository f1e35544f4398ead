import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { PodTemplate } from "../kubernetes/pod.ts";
import { AnyObject, StringMap } from "../scalars.ts";

export const DeploymentConfig = defineKind({
  group: "apps.openshift.io",
  version: "v1",
  kind: "DeploymentConfig",
  plural: "deploymentconfigs",
  shortNames: ["dc"],
  statusSubresource: true,
  printerColumns: [
    { name: "Revision", type: "integer", jsonPath: ".status.latestVersion" },
    { name: "Desired", type: "integer", jsonPath: ".spec.replicas" },
    { name: "Current", type: "integer", jsonPath: ".status.replicas" },
  ],
  fields: {
    spec: z.looseObject({
      replicas: z.int().optional(),
      paused: z.boolean().optional(),
      selector: StringMap.optional(),
      strategy: AnyObject.optional(),
      triggers: z.array(AnyObject).nullish(),
      test: z.boolean().optional(),
      template: PodTemplate.optional(),
    }),
    status: z
      .looseObject({
        latestVersion: z.int().optional(),
        observedGeneration: z.int().optional(),
        replicas: z.int().optional(),
        readyReplicas: z.int().optional(),
        updatedReplicas: z.int().optional(),
        availableReplicas: z.int().optional(),
        unavailableReplicas: z.int().optional(),
        conditions: z.array(KubeCondition).optional(),
      })
      .optional(),
  },
});
export type DeploymentConfig = z.infer<typeof DeploymentConfig.schema>;

export const BuildConfig = defineKind({
  group: "build.openshift.io",
  version: "v1",
  kind: "BuildConfig",
  plural: "buildconfigs",
  shortNames: ["bc"],
  fields: {
    spec: z
      .looseObject({
        source: AnyObject.optional(),
        strategy: AnyObject.optional(),
        output: AnyObject.optional(),
        triggers: z.array(AnyObject).nullish(),
      })
      .optional(),
    status: z.looseObject({ lastVersion: z.int().optional() }).optional(),
  },
});
export type BuildConfig = z.infer<typeof BuildConfig.schema>;
