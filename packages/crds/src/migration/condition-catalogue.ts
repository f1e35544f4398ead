import { migClusterConditions, migStorageConditions } from "./cluster-conditions.ts";
import {
  directImageMigrationConditions,
  directImageStreamMigrationConditions,
  directVolumeMigrationConditions,
  directVolumeMigrationProgressConditions,
} from "./direct-conditions.ts";
import { migMigrationConditions } from "./migration-conditions.ts";
import { migAnalyticConditions, migHookConditions, migPlanConditions } from "./plan-conditions.ts";

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
