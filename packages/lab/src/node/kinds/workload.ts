import type { KubeObject } from "@drover/crds";
import type { Condition } from "./condition.ts";
import { labKind } from "./lab-kind.ts";
import type { PodTemplate } from "./pod.ts";
import type { Selector } from "./selector.ts";
import type { PersistentVolumeClaim } from "./storage.ts";

type IntOrPercent = number | string;

export type Deployment = KubeObject & {
  spec: {
    replicas?: number;
    selector: Selector;
    template: PodTemplate;
    paused?: boolean;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    progressDeadlineSeconds?: number;
    strategy?: {
      type?: "RollingUpdate" | "Recreate";
      rollingUpdate?: { maxSurge?: IntOrPercent; maxUnavailable?: IntOrPercent };
    };
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    collisionCount?: number;
    conditions?: Condition[];
  };
};
export const Deployment = labKind<Deployment>("apps", "Deployment");

export type ReplicaStatus = {
  observedGeneration?: number;
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  conditions?: Condition[];
};

export type ReplicaSet = KubeObject & {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector: Selector;
    template: PodTemplate;
  };
  status?: ReplicaStatus;
};
export const ReplicaSet = labKind<ReplicaSet>("apps", "ReplicaSet");

export type ReplicationController = KubeObject & {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    selector?: Record<string, string>;
    template?: PodTemplate;
  };
  status?: ReplicaStatus;
};
export const ReplicationController = labKind<ReplicationController>("", "ReplicationController");

export type StatefulSet = KubeObject & {
  spec: {
    replicas?: number;
    serviceName?: string;
    selector: Selector;
    template: PodTemplate;
    podManagementPolicy?: "OrderedReady" | "Parallel";
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    volumeClaimTemplates?: Partial<PersistentVolumeClaim>[];
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
    ordinals?: { start?: number };
  };
  status?: {
    observedGeneration?: number;
    replicas: number;
    readyReplicas?: number;
    availableReplicas?: number;
    currentReplicas?: number;
    updatedReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
};
export const StatefulSet = labKind<StatefulSet>("apps", "StatefulSet");

export type DaemonSet = KubeObject & {
  spec: { selector: Selector; template: PodTemplate; updateStrategy?: { type?: string } };
  status?: {
    observedGeneration?: number;
    currentNumberScheduled: number;
    desiredNumberScheduled: number;
    numberMisscheduled: number;
    numberReady: number;
    numberAvailable?: number;
    numberUnavailable?: number;
    updatedNumberScheduled?: number;
  };
};
export const DaemonSet = labKind<DaemonSet>("apps", "DaemonSet");

export type JobSpec = {
  completions?: number;
  parallelism?: number;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  suspend?: boolean;
  manualSelector?: boolean;
  selector?: Selector;
  template: PodTemplate;
};

export type Job = KubeObject & {
  spec: JobSpec;
  status?: {
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
};
export const Job = labKind<Job>("batch", "Job");

export type CronJob = KubeObject & {
  spec: {
    schedule: string;
    timeZone?: string;
    suspend?: boolean;
    concurrencyPolicy?: "Allow" | "Forbid" | "Replace";
    startingDeadlineSeconds?: number;
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
    jobTemplate: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: JobSpec;
    };
  };
  status?: {
    active?: { apiVersion: string; kind: string; name: string; namespace: string; uid: string }[];
    lastScheduleTime?: string;
    lastSuccessfulTime?: string;
  };
};
export const CronJob = labKind<CronJob>("batch", "CronJob");

export type DeploymentConfig = KubeObject & {
  spec: {
    replicas?: number;
    selector?: Record<string, string>;
    template?: PodTemplate;
    paused?: boolean;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    strategy?: { type?: string };
    triggers?: { type: string }[];
  };
  status?: {
    observedGeneration?: number;
    latestVersion?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    unavailableReplicas?: number;
    conditions?: Condition[];
  };
};
export const DeploymentConfig = labKind<DeploymentConfig>("apps.openshift.io", "DeploymentConfig");
