import type { LiveResource } from "@drover/contract";
import {
  DirectImageMigration,
  DirectImageStreamMigration,
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigAnalytic,
  MigCluster,
  MigHook,
  MigMigration,
  MigPlan,
  MigStorage,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";

/** The kind behind each resource name. */
export const liveKinds = {
  migclusters: MigCluster,
  migstorages: MigStorage,
  migplans: MigPlan,
  migmigrations: MigMigration,
  mighooks: MigHook,
  miganalytics: MigAnalytic,
  directvolumemigrations: DirectVolumeMigration,
  directvolumemigrationprogresses: DirectVolumeMigrationProgress,
  directimagemigrations: DirectImageMigration,
  directimagestreammigrations: DirectImageStreamMigration,
} as const satisfies Record<LiveResource, unknown>;

/** The object type of a live resource. */
export type LiveObject<R extends LiveResource> =
  (typeof liveKinds)[R] extends ResourceKind<infer T> ? T : KubeObject;

export const liveResources = Object.keys(liveKinds) as readonly LiveResource[];
