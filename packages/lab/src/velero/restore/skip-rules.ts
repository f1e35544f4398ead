import { Annotation } from "@drover/crds";
import { textAt, type RawObject } from "../raw-object.ts";

/** Never restored: facts about a cluster, and Velero's own objects. */
export const neverRestored: ReadonlySet<string> = new Set([
  "nodes",
  "events",
  "events.events.k8s.io",
  "leases.coordination.k8s.io",
  "csinodes.storage.k8s.io",
  "volumeattachments.storage.k8s.io",
  "backups.velero.io",
  "restores.velero.io",
  "backuprepositories.velero.io",
  "resticrepositories.velero.io",
]);

/** Objects that a controller of the destination makes again from their owner. */
const madeByOwner = new Set([
  "pods",
  "replicasets.apps",
  "replicationcontrollers",
  "jobs.batch",
  "controllerrevisions.apps",
  "endpointslices.discovery.k8s.io",
]);

/** Kept in every namespace by the destination itself. */
const keptByCluster = new Set(["kube-root-ca.crt", "openshift-service-ca.crt"]);

function isOwned({ metadata }: RawObject): boolean {
  return metadata.ownerReferences?.some(({ controller }) => controller === true) ?? false;
}

function isOver(resource: string, object: RawObject): boolean {
  const phase = textAt(object, "status", "phase");
  if (resource === "pods") return phase === "Succeeded" || phase === "Failed";
  return resource === "jobs.batch" && textAt(object, "status", "completionTime") !== undefined;
}

function isAccountToken(object: RawObject): boolean {
  const type = textAt(object, "type");
  const account = object.metadata.annotations?.["kubernetes.io/service-account.name"];
  const isToken = type === "kubernetes.io/service-account-token";
  return isToken || (type === "kubernetes.io/dockercfg" && account !== undefined);
}

/** A pod with volume data is what carries the data over; it is restored even when it has an owner. */
function carriesVolumes(resource: string, { metadata }: RawObject): boolean {
  return resource === "pods" && metadata.annotations?.[Annotation.backupVolumes] !== undefined;
}

function hasLeaderLock({ metadata }: RawObject): boolean {
  return metadata.annotations?.["control-plane.alpha.kubernetes.io/leader"] !== undefined;
}

type Rule = {
  readonly applies: (resource: string, object: RawObject) => boolean;
  readonly reason: string;
};

const rules: readonly Rule[] = [
  {
    applies: (_resource, { metadata }) => metadata.deletionTimestamp !== undefined,
    reason: "it was being deleted",
  },
  {
    applies: (_resource, { metadata }) =>
      metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined,
    reason: "it mirrors a static pod",
  },
  { applies: isOver, reason: "it was finished" },
  {
    applies: (resource, object) =>
      madeByOwner.has(resource) && isOwned(object) && !carriesVolumes(resource, object),
    reason: "its owner makes it again",
  },
  {
    applies: (resource, { metadata }) =>
      resource === "configmaps" && keptByCluster.has(metadata.name ?? ""),
    reason: "the cluster keeps its own",
  },
  {
    applies: (resource, object) => resource === "secrets" && isAccountToken(object),
    reason: "the cluster makes service accounts' tokens itself",
  },
  {
    applies: (resource, object) => resource === "endpoints" && hasLeaderLock(object),
    reason: "it is a leader's lock",
  },
];

/** Why an object is not restored; undefined when it is. */
export function skipReason(resource: string, object: RawObject): string | undefined {
  return rules.find(({ applies }) => applies(resource, object))?.reason;
}
