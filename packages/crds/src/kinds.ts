import {
  BackupRepository,
  BackupStorageLocation,
  VolumeSnapshotLocation,
} from "./velero/storage-location.ts";
import { Backup } from "./velero/backup.ts";
import { DeleteBackupRequest, DownloadRequest, ServerStatusRequest } from "./velero/request.ts";
import { PodVolumeBackup, PodVolumeRestore } from "./velero/pod-volume.ts";
import { DataDownload, DataUpload } from "./velero/data-mover.ts";
import { Restore } from "./velero/restore.ts";
import { Schedule } from "./velero/schedule.ts";
import { BuildConfig, DeploymentConfig } from "./openshift/deployment-config.ts";
import {
  Group,
  OAuthAccessToken,
  OAuthClient,
  User,
  UserOAuthAccessToken,
} from "./openshift/identity.ts";
import { ImageStream } from "./openshift/image-stream.ts";
import { Project, SecurityContextConstraints } from "./openshift/project.ts";
import { Route } from "./openshift/route.ts";
import { DirectImageMigration } from "./migration/direct-image-migration.ts";
import { DirectImageStreamMigration } from "./migration/direct-image-stream-migration.ts";
import { DirectVolumeMigration } from "./migration/direct-volume-migration.ts";
import { DirectVolumeMigrationProgress } from "./migration/direct-volume-migration-progress.ts";
import { MigAnalytic } from "./migration/mig-analytic.ts";
import { MigCluster } from "./migration/mig-cluster.ts";
import { MigHook } from "./migration/mig-hook.ts";
import { MigMigration } from "./migration/mig-migration.ts";
import { MigPlan } from "./migration/mig-plan.ts";
import { MigStorage } from "./migration/mig-storage.ts";
import { MigrationController } from "./migration-controller/migration-controller.ts";

/** The kinds of the migration group; a cluster needs their CustomResourceDefinitions. */
export const migrationKinds = [
  MigCluster,
  MigStorage,
  MigPlan,
  MigMigration,
  MigHook,
  MigAnalytic,
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  DirectImageMigration,
  DirectImageStreamMigration,
  MigrationController,
] as const;

/** The kinds of Velero that are read or written. */
export const veleroKinds = [
  Backup,
  Restore,
  PodVolumeBackup,
  PodVolumeRestore,
  BackupStorageLocation,
  VolumeSnapshotLocation,
  BackupRepository,
  DownloadRequest,
  ServerStatusRequest,
  DeleteBackupRequest,
  Schedule,
  DataUpload,
  DataDownload,
] as const;

/** The kinds of OpenShift that are read or written. */
export const openshiftKinds = [
  Route,
  ImageStream,
  DeploymentConfig,
  BuildConfig,
  Project,
  SecurityContextConstraints,
  OAuthClient,
  OAuthAccessToken,
  UserOAuthAccessToken,
  User,
  Group,
] as const;
