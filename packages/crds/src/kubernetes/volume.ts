import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Quantity } from "../quantity.ts";
import { AnyObject, StringMap } from "../scalars.ts";
import { ResourceRequirements } from "./pod.ts";

const Modes = z.array(
  openString("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
);

export const PersistentVolumeClaimSpec = z.looseObject({
  accessModes: Modes.optional(),
  resources: ResourceRequirements.optional(),
  storageClassName: z.string().optional(),
  volumeMode: openString("Filesystem", "Block").optional(),
  volumeName: z.string().optional(),
  selector: LabelSelector.optional(),
  dataSource: AnyObject.optional(),
  dataSourceRef: AnyObject.optional(),
});
export type PersistentVolumeClaimSpec = z.infer<typeof PersistentVolumeClaimSpec>;

export const PersistentVolumeClaim = defineKind({
  group: "",
  version: "v1",
  kind: "PersistentVolumeClaim",
  plural: "persistentvolumeclaims",
  shortNames: ["pvc"],
  statusSubresource: true,
  fields: {
    spec: PersistentVolumeClaimSpec,
    status: z
      .looseObject({
        phase: openString("Pending", "Bound", "Lost").optional(),
        accessModes: Modes.optional(),
        capacity: z.record(z.string(), Quantity).optional(),
        conditions: z.array(KubeCondition).optional(),
      })
      .optional(),
  },
});
export type PersistentVolumeClaim = z.infer<typeof PersistentVolumeClaim.schema>;

export const PersistentVolume = defineKind({
  group: "",
  version: "v1",
  kind: "PersistentVolume",
  plural: "persistentvolumes",
  shortNames: ["pv"],
  namespaced: false,
  statusSubresource: true,
  fields: {
    spec: z.looseObject({
      capacity: z.record(z.string(), Quantity).optional(),
      accessModes: Modes.optional(),
      claimRef: ObjectReference.optional(),
      persistentVolumeReclaimPolicy: openString("Retain", "Delete", "Recycle").optional(),
      storageClassName: z.string().optional(),
      volumeMode: openString("Filesystem", "Block").optional(),
      mountOptions: z.array(z.string()).optional(),
      nodeAffinity: AnyObject.optional(),
      csi: z
        .looseObject({
          driver: z.string(),
          volumeHandle: z.string(),
          fsType: z.string().optional(),
          readOnly: z.boolean().optional(),
          volumeAttributes: StringMap.optional(),
        })
        .optional(),
      nfs: z
        .looseObject({ server: z.string(), path: z.string(), readOnly: z.boolean().optional() })
        .optional(),
      hostPath: z.looseObject({ path: z.string(), type: z.string().optional() }).optional(),
      awsElasticBlockStore: z.looseObject({ volumeID: z.string() }).optional(),
      glusterfs: AnyObject.optional(),
    }),
    status: z
      .looseObject({
        phase: openString("Pending", "Available", "Bound", "Released", "Failed").optional(),
        message: z.string().optional(),
        reason: z.string().optional(),
      })
      .optional(),
  },
});
export type PersistentVolume = z.infer<typeof PersistentVolume.schema>;

export const StorageClass = defineKind({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  shortNames: ["sc"],
  namespaced: false,
  fields: {
    provisioner: z.string(),
    parameters: StringMap.optional(),
    reclaimPolicy: openString("Retain", "Delete").optional(),
    mountOptions: z.array(z.string()).optional(),
    allowVolumeExpansion: z.boolean().optional(),
    volumeBindingMode: openString("Immediate", "WaitForFirstConsumer").optional(),
  },
});
export type StorageClass = z.infer<typeof StorageClass.schema>;
