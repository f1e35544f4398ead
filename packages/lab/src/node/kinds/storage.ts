import type { KubeObject } from "@drover/crds";
import { labKind } from "./lab-kind.ts";
import type { Condition } from "./condition.ts";
import type { Selector } from "./selector.ts";

export type ObjectRef = {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
};

export type PersistentVolumeClaim = KubeObject & {
  spec: {
    accessModes?: string[];
    resources?: { requests?: Record<string, string> };
    storageClassName?: string;
    volumeName?: string;
    volumeMode?: string;
    selector?: Selector;
  };
  status?: {
    phase?: "Pending" | "Bound" | "Lost";
    accessModes?: string[];
    capacity?: Record<string, string>;
    conditions?: Condition[];
  };
};
export const PersistentVolumeClaim = labKind<PersistentVolumeClaim>("", "PersistentVolumeClaim");

export type ReclaimPolicy = "Delete" | "Retain" | "Recycle";

export type PersistentVolume = KubeObject & {
  spec: {
    capacity?: Record<string, string>;
    accessModes?: string[];
    volumeMode?: string;
    storageClassName?: string;
    persistentVolumeReclaimPolicy?: ReclaimPolicy;
    claimRef?: ObjectRef;
    csi?: { driver: string; volumeHandle: string; [field: string]: unknown };
    nfs?: { server: string; path: string; readOnly?: boolean };
    hostPath?: { path: string; type?: string };
    [field: string]: unknown;
  };
  status?: {
    phase?: "Pending" | "Available" | "Bound" | "Released" | "Failed";
    reason?: string;
    message?: string;
  };
};
export const PersistentVolume = labKind<PersistentVolume>("", "PersistentVolume", {
  namespaced: false,
});

export type StorageClass = KubeObject & {
  provisioner: string;
  reclaimPolicy?: ReclaimPolicy;
  volumeBindingMode?: "Immediate" | "WaitForFirstConsumer";
  allowVolumeExpansion?: boolean;
  parameters?: Record<string, string>;
  mountOptions?: string[];
};
export const StorageClass = labKind<StorageClass>("storage.k8s.io", "StorageClass", {
  plural: "storageclasses",
  namespaced: false,
});
