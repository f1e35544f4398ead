import { notSupported, anyKindConditions, notSetOrFound, testFailed } from "./condition-facts.ts";
import type { ConditionCatalogue } from "./condition-facts.ts";

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
} as const satisfies ConditionCatalogue;

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
} as const satisfies ConditionCatalogue;
