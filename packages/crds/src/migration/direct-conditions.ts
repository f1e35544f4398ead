import {
  warnNotReady,
  anyKindConditions,
  critical,
  notFound,
  notReady,
  notSet,
  notSetOrFound,
  runConditions,
  warnFailed,
} from "./condition-facts.ts";
import type { ConditionCatalogue } from "./condition-facts.ts";

const clusterRefConditions = {
  InvalidSourceClusterRef: notSetOrFound,
  SourceClusterNotReady: notReady,
  InvalidDestinationClusterRef: notSetOrFound,
  DestinationClusterNotReady: notReady,
} as const satisfies ConditionCatalogue;

export const directVolumeMigrationConditions = {
  ...anyKindConditions,
  ...runConditions,
  ...clusterRefConditions,
  InvalidPVCs: notSet,
  // Upstream's name; it is about claims.
  PodsNotFoundOnSourceCluster: notFound,
  RsyncRouteNotAdmitted: warnNotReady,
  RsyncTransferPodsPending: warnNotReady,
  RsyncClientPodsPending: { category: "Warn", reasons: ["PodStuckInContainerCreating"] },
  RsyncServerPodsRunningAsNonRoot: {
    category: "Warn",
    reasons: ["RsyncOperationsAreRunningAsNonRoot"],
  },
  FailedCreatingRsyncPods: warnFailed,
  FailedDeletingRsyncPods: warnFailed,
  SourceToDestinationNetworkError: {
    category: "Critical",
    reasons: ["RsyncTimedOut", "RsyncNoRouteToHost"],
    durable: true,
  },
  Failed: { category: ["Critical", "Warn"], durable: true },
} as const satisfies ConditionCatalogue;

/** The last two are Drover's own: the verdict of the comparison after the last copy. */
export const directVolumeMigrationProgressConditions = {
  ...anyKindConditions,
  InvalidClusterRef: notSetOrFound,
  ClusterNotReady: notReady,
  InvalidPod: notFound,
  InvalidPodRef: notSet,
  InvalidPodSelector: notSet,
  InvalidSpec: notSet,
  CopyVerified: { category: "Advisory", reasons: ["Content", "Metadata"], durable: true },
  CopyDiffers: { category: "Critical", reasons: ["Content", "Metadata"], durable: true },
} as const satisfies ConditionCatalogue;

const imageConditions = {
  ...anyKindConditions,
  ...runConditions,
  ...clusterRefConditions,
  MissingSourceClusterRegistryPath: critical,
  InvalidDestinationCluster: { category: "Critical", reasons: ["NotDistinct"] },
  MissingDestinationClusterRegistryPath: critical,
  Failed: { category: "Advisory", durable: true },
} as const satisfies ConditionCatalogue;

export const directImageMigrationConditions = {
  ...imageConditions,
  NamespaceListEmpty: critical,
  NamespaceNotFoundOnSourceCluster: notFound,
} as const satisfies ConditionCatalogue;

export const directImageStreamMigrationConditions = {
  ...imageConditions,
  InvalidImageStreamRef: notSet,
  InvalidImageStream: notFound,
  NamespaceNotFoundOnDestinationCluster: notFound,
} as const satisfies ConditionCatalogue;
