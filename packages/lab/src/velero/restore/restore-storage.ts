import {
  Annotation,
  type PersistentVolumeClaim,
  type PersistentVolume,
  type Restore,
} from "@drover/crds";
import { recordAt, textAt, type RawObject } from "../raw-object.ts";
import { mappedNamespace } from "./restored-object.ts";

type Annotations = Readonly<Record<string, string>>;

/** Annotations that describe a binding of the old cluster. */
const bindingAnnotations = new Set([
  "pv.kubernetes.io/bind-completed",
  "pv.kubernetes.io/bound-by-controller",
  "pv.kubernetes.io/migrated-to",
  "volume.beta.kubernetes.io/storage-provisioner",
  "volume.kubernetes.io/storage-provisioner",
  "volume.kubernetes.io/selected-node",
]);

function withoutBinding(annotations: Annotations = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !bindingAnnotations.has(key)),
  );
}

/** A claim as the destination gets it: its class and access mode are the plan's, and it is free unless its volume comes along. */
export function restoreClaim(claim: RawObject, keepsVolume: boolean): RawObject {
  const annotations = withoutBinding(claim.metadata.annotations);
  const { volumeName, ...spec } = recordAt(claim, "spec") as PersistentVolumeClaim["spec"];
  const storageClassName = annotations[Annotation.targetStorageClass];
  const accessMode = annotations[Annotation.targetAccessMode];
  return {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: {
      ...spec,
      ...(keepsVolume && volumeName !== undefined ? { volumeName } : {}),
      ...(storageClassName === undefined ? {} : { storageClassName }),
      ...(accessMode ? { accessModes: [accessMode] } : {}),
    },
  };
}

/** Whether a volume itself is created on the destination, and if not, why. */
export function volumeSkipReason(
  volume: RawObject,
  options: { readonly restore: Restore; readonly hasFileBackup: boolean },
): string | undefined {
  if (options.restore.spec.restorePVs === false) return "the restore leaves volumes out";
  const action = volume.metadata.annotations?.[Annotation.migrateType];
  if (action === "move") return undefined;
  if (action === "copy") return "its data is copied into a new volume";
  if (options.hasFileBackup) return "its data is restored into a new volume";
  const policy = textAt(volume, "spec", "persistentVolumeReclaimPolicy");
  return policy === "Delete" ? "it belonged to its claim; a new one is provisioned" : undefined;
}

/** A volume as the destination gets it: kept for the claim of the same name in the mapped namespace. */
export function restoreVolumeObject(
  volume: RawObject,
  mapping: Readonly<Record<string, string>>,
): RawObject {
  const annotations = withoutBinding(volume.metadata.annotations);
  const { claimRef, ...spec } = recordAt(volume, "spec") as PersistentVolume["spec"];
  const isMoved = annotations[Annotation.migrateType] === "move";
  const storageClassName = annotations[Annotation.targetStorageClass];
  const claim = claimRef && {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    name: claimRef.name,
    namespace: mappedNamespace(mapping, claimRef.namespace ?? ""),
  };
  return {
    ...volume,
    metadata: { ...volume.metadata, annotations },
    spec: {
      ...spec,
      ...(claim && { claimRef: claim }),
      ...(isMoved ? { persistentVolumeReclaimPolicy: "Retain" } : {}),
      ...(isMoved && storageClassName ? { storageClassName } : {}),
    },
  };
}
