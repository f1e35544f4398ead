import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { AnyObject, StringMap } from "../scalars.ts";
import { PodTemplate, TemplateMeta } from "./pod.ts";
import { PersistentVolumeClaimSpec } from "./volume.ts";

const apps = { group: "apps", version: "v1" } as const;
const batch = { group: "batch", version: "v1" } as const;

const ReplicaStatus = z.looseObject({
  observedGeneration: z.int().optional(),
  replicas: z.int().optional(),
  readyReplicas: z.int().optional(),
  availableReplicas: z.int().optional(),
  conditions: z.array(KubeCondition).optional(),
});

export const Deployment = defineKind({
  ...apps,
  kind: "Deployment",
  plural: "deployments",
  shortNames: ["deploy"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      replicas: z.int().optional(),
      paused: z.boolean().optional(),
      selector: LabelSelector,
      strategy: AnyObject.optional(),
      revisionHistoryLimit: z.int().optional(),
      template: PodTemplate,
    }),
    status: ReplicaStatus.extend({
      updatedReplicas: z.int().optional(),
      unavailableReplicas: z.int().optional(),
    }).optional(),
  },
});
export type Deployment = z.infer<typeof Deployment.schema>;

export const ReplicaSet = defineKind({
  ...apps,
  kind: "ReplicaSet",
  plural: "replicasets",
  shortNames: ["rs"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      replicas: z.int().optional(),
      selector: LabelSelector,
      template: PodTemplate.optional(),
    }),
    status: ReplicaStatus.extend({ fullyLabeledReplicas: z.int().optional() }).optional(),
  },
});
export type ReplicaSet = z.infer<typeof ReplicaSet.schema>;

/** A claim a StatefulSet makes for each of its pods. */
export const ClaimTemplate = z.looseObject({
  metadata: TemplateMeta.optional(),
  spec: PersistentVolumeClaimSpec,
});

export const StatefulSet = defineKind({
  ...apps,
  kind: "StatefulSet",
  plural: "statefulsets",
  shortNames: ["sts"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      replicas: z.int().optional(),
      serviceName: z.string().optional(),
      podManagementPolicy: openString("OrderedReady", "Parallel").optional(),
      selector: LabelSelector,
      template: PodTemplate,
      volumeClaimTemplates: z.array(ClaimTemplate).optional(),
      updateStrategy: AnyObject.optional(),
      persistentVolumeClaimRetentionPolicy: AnyObject.optional(),
    }),
    status: ReplicaStatus.extend({
      currentReplicas: z.int().optional(),
      updatedReplicas: z.int().optional(),
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
    }).optional(),
  },
});
export type StatefulSet = z.infer<typeof StatefulSet.schema>;

export const DaemonSet = defineKind({
  ...apps,
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      selector: LabelSelector,
      template: PodTemplate,
      updateStrategy: AnyObject.optional(),
    }),
    status: z
      .looseObject({
        observedGeneration: z.int().optional(),
        currentNumberScheduled: z.int().optional(),
        desiredNumberScheduled: z.int().optional(),
        numberReady: z.int().optional(),
        numberAvailable: z.int().optional(),
        numberMisscheduled: z.int().optional(),
        updatedNumberScheduled: z.int().optional(),
      })
      .optional(),
  },
});
export type DaemonSet = z.infer<typeof DaemonSet.schema>;

export const ReplicationController = defineKind({
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  shortNames: ["rc"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      replicas: z.int().optional(),
      selector: StringMap.optional(),
      template: PodTemplate.optional(),
    }),
    status: ReplicaStatus.optional(),
  },
});
export type ReplicationController = z.infer<typeof ReplicationController.schema>;

export const JobSpec = z.looseObject({
  parallelism: z.int().optional(),
  completions: z.int().optional(),
  backoffLimit: z.int().optional(),
  activeDeadlineSeconds: z.int().optional(),
  ttlSecondsAfterFinished: z.int().optional(),
  suspend: z.boolean().optional(),
  manualSelector: z.boolean().optional(),
  selector: LabelSelector.optional(),
  template: PodTemplate,
});
export type JobSpec = z.infer<typeof JobSpec>;

export const Job = defineKind({
  ...batch,
  kind: "Job",
  plural: "jobs",
  statusSubresource: true,
  fields: {
    spec: JobSpec,
    status: z
      .looseObject({
        active: z.int().optional(),
        succeeded: z.int().optional(),
        failed: z.int().optional(),
        ready: z.int().optional(),
        startTime: z.string().optional(),
        completionTime: z.string().optional(),
        conditions: z.array(KubeCondition).optional(),
      })
      .optional(),
  },
});
export type Job = z.infer<typeof Job.schema>;

const cronJob = {
  ...batch,
  kind: "CronJob",
  plural: "cronjobs",
  shortNames: ["cj"],
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      schedule: z.string(),
      timeZone: z.string().optional(),
      suspend: z.boolean().optional(),
      concurrencyPolicy: openString("Allow", "Forbid", "Replace").optional(),
      startingDeadlineSeconds: z.int().optional(),
      successfulJobsHistoryLimit: z.int().optional(),
      failedJobsHistoryLimit: z.int().optional(),
      jobTemplate: z.looseObject({ metadata: TemplateMeta.optional(), spec: JobSpec }),
    }),
    status: z
      .looseObject({
        active: z.array(ObjectReference).optional(),
        lastScheduleTime: z.string().optional(),
        lastSuccessfulTime: z.string().optional(),
      })
      .optional(),
  },
} as const;

export const CronJob = defineKind(cronJob);
export type CronJob = z.infer<typeof CronJob.schema>;

/**
 * CronJobs as Kubernetes before 1.21 serves them: under this version only, in the same shape. From 1.21 to 1.24 servers
 * show the same objects under both.
 */
export const CronJobBefore121 = defineKind({ ...cronJob, version: "v1beta1" });
