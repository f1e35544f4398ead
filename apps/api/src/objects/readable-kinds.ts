import {
  ConfigMap,
  CronJob,
  CronJobBefore121,
  DaemonSet,
  Deployment,
  DeploymentConfig,
  ImageStream,
  Job,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  Route,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
  migrationKinds,
  veleroKinds,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { AppError } from "../app-error.ts";

/** What may be read through this server at all: objects a migration makes, moves or depends on. */
const readableKinds: readonly ResourceKind<KubeObject>[] = [
  ...migrationKinds,
  ...veleroKinds,
  Pod,
  Job,
  CronJob,
  CronJobBefore121,
  Deployment,
  StatefulSet,
  DaemonSet,
  ReplicaSet,
  DeploymentConfig,
  PersistentVolumeClaim,
  PersistentVolume,
  StorageClass,
  Service,
  ServiceAccount,
  Route,
  ImageStream,
  ConfigMap,
  Secret,
  Namespace,
];

export function readableKind(wanted: {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}): ResourceKind<KubeObject> {
  const kind = readableKinds.find(
    ({ group, version, plural }) =>
      group === wanted.group && version === wanted.version && plural === wanted.plural,
  );
  if (kind !== undefined) return kind;
  const group = wanted.group === "" ? wanted.version : `${wanted.group}/${wanted.version}`;
  throw new AppError(
    "NOT_FOUND",
    `${wanted.plural} of ${group} are not shown here. Use oc or kubectl.`,
  );
}
