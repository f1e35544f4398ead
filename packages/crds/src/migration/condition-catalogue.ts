import type { ConditionCategory } from "../condition.ts";

/** What is known of a condition type: its category (or categories) and the reasons it comes with. */
export type ConditionFacts = {
  readonly category: ConditionCategory | readonly ConditionCategory[];
  readonly reasons?: readonly string[];
  /** True for entries that stay until they are removed. */
  readonly durable?: true;
};

type Catalogue = Readonly<Record<string, ConditionFacts>>;

const notSetOrFound = { category: "Critical", reasons: ["NotSet", "NotFound"] } as const;
const notReady = { category: "Critical", reasons: ["NotReady"] } as const;
const critical = { category: "Critical" } as const;
const warn = { category: "Warn" } as const;
const error = { category: "Error" } as const;
const required = { category: "Required" } as const;

/** Conditions that any migration resource may carry. */
export const anyKindConditions = {
  Ready: required,
  ReconcileFailed: critical,
} as const satisfies Catalogue;

const runConditions = {
  Running: { category: "Advisory" },
  Succeeded: { category: "Advisory", reasons: ["Completed"], durable: true },
} as const satisfies Catalogue;

export const migClusterConditions = {
  ...anyKindConditions,
  InvalidURL: { category: "Critical", reasons: ["NotSet", "Malformed", "InvalidScheme"] },
  InvalidSaSecretRef: notSetOrFound,
  InvalidSaToken: notSetOrFound,
  TestConnectFailed: { category: "Critical", reasons: ["ConnectFailed"] },
  SaTokenNotPrivileged: { category: "Critical", reasons: ["Unauthorized"] },
  InvalidRegistryRoute: { category: "Critical", reasons: ["RouteTestFailed"] },
  ClusterOperatorVersionNotFound: { category: "Warn", reasons: ["VersionNotFound"] },
  OperatorVersionMismatch: { category: "Warn", reasons: ["VersionCheckFailed"] },
} as const satisfies Catalogue;

const notSupported = { category: "Critical", reasons: ["NotSupported"] } as const;
const testFailed = { category: "Critical", reasons: ["TestFailed"] } as const;

export const migStorageConditions = {
  ...anyKindConditions,
  InvalidBackupStorageProvider: { category: "Critical", reasons: ["NotSet", "NotSupported"] },
  InvalidBackupStorageCredsSecretRef: notSetOrFound,
  InvalidBackupStorageSettings: notSupported,
  BackupStorageProviderTestFailed: testFailed,
  InvalidVolumeSnapshotProvider: notSupported,
  InvalidVolumeSnapshotCredsSecretRef: notSetOrFound,
  InvalidVolumeSnapshotSettings: notSupported,
  VolumeSnapshotProviderTestFailed: testFailed,
} as const satisfies Catalogue;

const proxySecret = { category: "Critical", reasons: ["Conflict", "KeyNotFound"] } as const;
const duplicate = { category: "Critical", reasons: ["DuplicateNamespaces"] } as const;
const notFound = { category: "Critical", reasons: ["NotFound"] } as const;
const limitExceeded = { category: "Warn", reasons: ["LimitExceeded"] } as const;
const done = { category: "Required", reasons: ["Done"] } as const;
const notDone = { category: "Error", reasons: ["NotDone"] } as const;

/** The types of a plan, as the reason of `MigrationTypeIdentified`. */
export const planTypeReasons = [
  "NamespaceMigrationPlan",
  "StateMigrationPlan",
  "StorageConversionPlan",
] as const;
export type PlanTypeReason = (typeof planTypeReasons)[number];

export const migPlanConditions = {
  ...anyKindConditions,
  InvalidSourceClusterRef: notSetOrFound,
  SourceClusterNotReady: critical,
  SourceClusterNoRegistryPath: { category: "Critical", reasons: ["NotSet"] },
  InvalidDestinationClusterRef: notSetOrFound,
  DestinationClusterNotReady: critical,
  DestinationClusterNoRegistryPath: { category: "Critical", reasons: ["NotSet"] },
  InvalidDestinationCluster: { category: "Critical", reasons: ["NotDistinct"] },
  ClusterVersionMismatch: { category: "Warn", reasons: ["Conflict"] },
  MigrationTypeIdentified: { category: "Advisory", reasons: planTypeReasons },
  IntraClusterMigration: {
    category: ["Critical", "Warn"],
    reasons: ["NamespaceMigrationPlan", "ConflictingNamespaces", "ConflictingPermissions"],
  },
  InvalidStorageRef: notSetOrFound,
  StorageNotReady: critical,
  NamespaceListEmpty: notFound,
  NamespaceLimitExceeded: { category: "Critical", reasons: ["LimitExceeded"] },
  NamespaceLengthExceeded: { category: "Warn", reasons: ["LengthExceeded"] },
  PodLimitExceeded: limitExceeded,
  NamespacesHaveNodeSelectors: {
    category: "Warn",
    reasons: ["NodeSelectorsDetected"],
    durable: true,
  },
  DuplicateNamespaceOnSourceCluster: duplicate,
  NamespaceNotFoundOnSourceCluster: notFound,
  DuplicateNamespaceOnDestinationCluster: duplicate,
  NamespaceNotDNSCompliant: { category: "Critical", reasons: ["NotDNSCompliant"] },
  NamespaceNotFoundOnDestinationCluster: notFound,
  PlanConflict: { category: "Error", reasons: ["Conflict"] },
  SourceClusterProxySecretMisconfigured: proxySecret,
  DestinationClusterProxySecretMisconfigured: proxySecret,
  SourcePodsNotHealthy: { category: "Warn", reasons: ["NotHealthy"] },
  InvalidHookRef: notFound,
  InvalidHookSAName: { category: "Critical", reasons: ["NotSet"] },
  InvalidHookNSName: { category: "Critical", reasons: ["NotSet"] },
  HookNotReady: critical,
  HookPhaseUnknown: critical,
  HookPhaseDuplicate: critical,
  InvalidResourceList: critical,
  GVKsIncompatible: warn,
  KubeVirtNotInstalledSourceCluster: { category: "Advisory", reasons: ["NotFound"] },
  KubeVirtVersionNotSupported: { category: "Warn", reasons: ["NotSupported"] },
  KubeVirtStorageLiveMigrationNotEnabled: { category: "Warn", reasons: ["NotSupported"] },
  PvsDiscovered: done,
  PvLimitExceeded: limitExceeded,
  PvWarnNoCephAvailable: warn,
  NfsNotAccessible: warn,
  NfsAccessCannotBeValidated: { category: "Error", reasons: ["NotFound"] },
  PvInvalidAction: notDone,
  PvNoSupportedAction: warn,
  PvInvalidStorageClass: notDone,
  PvInvalidAccessMode: error,
  PvNoStorageClassSelection: { category: "Warn", reasons: ["NotFound"] },
  PvWarnAccessModeUnavailable: warn,
  PvNoCopyMethodSelection: { category: "Error", reasons: ["NotFound"] },
  PvInvalidCopyMethod: error,
  PvWarnCopyMethodSnapshot: warn,
  PvNameConflict: error,
  StorageClassConversionUnavailable: critical,
  StorageEnsured: done,
  RegistriesEnsured: required,
  PvUsageAnalysisFailed: { category: "Warn", reasons: ["NotDone"] },
  PvCapacityAdjustmentRequired: {
    category: "Warn",
    reasons: ["NotDone", "Done"],
    durable: true,
  },
  ExtendedPVAnalysisFailed: { category: "Warn", reasons: ["FailedRunningDf", "FailedRunningDu"] },
  Suspended: { category: "Advisory" },
  Closed: { category: "Advisory" },
} as const satisfies Catalogue;

const durableWarn = { category: "Warn", durable: true } as const;
const durableRequired = { category: "Required", durable: true } as const;

export const migMigrationConditions = {
  ...anyKindConditions,
  ...runConditions,
  InvalidPlanRef: notSetOrFound,
  PlanNotReady: critical,
  PlanClosed: critical,
  InvalidSpec: notSupported,
  ConflictingPVCMappings: { category: "Critical", reasons: ["PvNameConflict"] },
  HasFinalMigration: critical,
  Postponed: critical,
  RegistriesHealthy: durableRequired,
  RegistriesUnhealthy: { category: "Critical", durable: true },
  SucceededWithWarnings: { category: "Advisory", reasons: ["Completed"], durable: true },
  Failed: { category: ["Advisory", "Critical"], durable: true },
  Canceling: { category: "Advisory", reasons: ["Cancel"], durable: true },
  Canceled: { category: "Advisory", reasons: ["Cancel"], durable: true },
  StageNoOp: durableWarn,
  StagePodsCreated: { category: "Advisory", durable: true },
  StaleSrcVeleroCRsDeleted: durableRequired,
  StaleDestVeleroCRsDeleted: durableRequired,
  StaleResticCRsDeleted: durableRequired,
  VeleroInitialBackupPartiallyFailed: durableWarn,
  VeleroStageBackupPartiallyFailed: durableWarn,
  VeleroStageRestorePartiallyFailed: durableWarn,
  VeleroFinalRestorePartiallyFailed: durableWarn,
  ResticErrors: durableWarn,
  ResticVerifyErrors: durableWarn,
  DirectImageMigrationFailed: durableWarn,
  DirectVolumeMigrationFailed: durableWarn,
  DirectVolumeMigrationBlocked: { category: "Warn", reasons: ["NotReady"] },
  UnhealthyNamespaces: { category: "Warn", reasons: ["ErrorsDetected"] },
} as const satisfies Catalogue;

const notSet = { category: "Critical", reasons: ["NotSet"] } as const;

export const migHookConditions = {
  ...anyKindConditions,
  InvalidImage: notSet,
  InvalidTarget: notSet,
  InvalidPlaybookData: notSet,
  InvalidCustomHook: notSet,
  InvalidAnsibleHook: notSet,
} as const satisfies Catalogue;

export const migAnalyticConditions = {
  ...anyKindConditions,
  InvalidPlanRef: notFound,
  Postponed: testFailed,
  ExtendedPVAnalysisStarted: { category: "Advisory", durable: true },
  ExtendedPVAnalysisFailed: { category: "Warn", reasons: ["FailedRunningDf", "FailedRunningDu"] },
} as const satisfies Catalogue;

const clusterRefConditions = {
  InvalidSourceClusterRef: notSetOrFound,
  SourceClusterNotReady: notReady,
  InvalidDestinationClusterRef: notSetOrFound,
  DestinationClusterNotReady: notReady,
} as const satisfies Catalogue;

const warnNotReady = { category: "Warn", reasons: ["NotReady"] } as const;
const warnFailed = { category: "Warn", reasons: ["Failed"] } as const;

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
} as const satisfies Catalogue;

/** The last two are Drover's own: the verdict of the comparison after the last copy. */
export const directVolumeMigrationProgressConditions = {
  ...anyKindConditions,
  InvalidClusterRef: notSetOrFound,
  ClusterNotReady: notReady,
  InvalidPod: notFound,
  InvalidPodRef: notSet,
  InvalidPodSelector: notSet,
  InvalidSpec: notSet,
  CopyVerified: { category: "Advisory", durable: true },
  CopyDiffers: { category: "Critical", durable: true },
} as const satisfies Catalogue;

const imageConditions = {
  ...anyKindConditions,
  ...runConditions,
  ...clusterRefConditions,
  MissingSourceClusterRegistryPath: critical,
  InvalidDestinationCluster: { category: "Critical", reasons: ["NotDistinct"] },
  MissingDestinationClusterRegistryPath: critical,
  Failed: { category: "Advisory", durable: true },
} as const satisfies Catalogue;

export const directImageMigrationConditions = {
  ...imageConditions,
  NamespaceListEmpty: critical,
  NamespaceNotFoundOnSourceCluster: notFound,
} as const satisfies Catalogue;

export const directImageStreamMigrationConditions = {
  ...imageConditions,
  InvalidImageStreamRef: notSet,
  InvalidImageStream: notFound,
  NamespaceNotFoundOnDestinationCluster: notFound,
} as const satisfies Catalogue;

/** The condition types of each kind. */
export const conditionCatalogue = {
  MigCluster: migClusterConditions,
  MigStorage: migStorageConditions,
  MigPlan: migPlanConditions,
  MigMigration: migMigrationConditions,
  MigHook: migHookConditions,
  MigAnalytic: migAnalyticConditions,
  DirectVolumeMigration: directVolumeMigrationConditions,
  DirectVolumeMigrationProgress: directVolumeMigrationProgressConditions,
  DirectImageMigration: directImageMigrationConditions,
  DirectImageStreamMigration: directImageStreamMigrationConditions,
} as const;

export type MigClusterConditionType = keyof typeof migClusterConditions;
export type MigStorageConditionType = keyof typeof migStorageConditions;
export type MigPlanConditionType = keyof typeof migPlanConditions;
export type MigMigrationConditionType = keyof typeof migMigrationConditions;
export type MigHookConditionType = keyof typeof migHookConditions;
export type MigAnalyticConditionType = keyof typeof migAnalyticConditions;
export type DirectVolumeMigrationConditionType = keyof typeof directVolumeMigrationConditions;
export type DirectVolumeMigrationProgressConditionType =
  keyof typeof directVolumeMigrationProgressConditions;
export type DirectImageMigrationConditionType = keyof typeof directImageMigrationConditions;
export type DirectImageStreamMigrationConditionType =
  keyof typeof directImageStreamMigrationConditions;

/** Every condition type of every migration resource. */
export type ConditionType =
  | MigClusterConditionType
  | MigStorageConditionType
  | MigPlanConditionType
  | MigMigrationConditionType
  | MigHookConditionType
  | MigAnalyticConditionType
  | DirectVolumeMigrationConditionType
  | DirectVolumeMigrationProgressConditionType
  | DirectImageMigrationConditionType
  | DirectImageStreamMigrationConditionType;
