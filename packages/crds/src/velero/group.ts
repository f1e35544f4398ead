import { z } from "zod";

/** The API group and version of Velero. */
export const veleroGroup = { group: "velero.io", version: "v1" } as const;

/** Labels that Velero puts on what it creates. */
export const VeleroLabel = {
  backupName: "velero.io/backup-name",
  backupUid: "velero.io/backup-uid",
  restoreName: "velero.io/restore-name",
  restoreUid: "velero.io/restore-uid",
  podUid: "velero.io/pod-uid",
  pvcUid: "velero.io/pvc-uid",
  storageLocation: "velero.io/storage-location",
  volumeNamespace: "velero.io/volume-namespace",
  repositoryType: "velero.io/repository-type",
} as const;

/** A ConfigMap with further rules, in the namespace of Velero. */
export const TypedReference = z.looseObject({
  kind: z.string(),
  name: z.string(),
  apiGroup: z.string().nullish(),
});

/** What became of the hooks of a backup or restore. */
export const HookStatus = z.looseObject({
  hooksAttempted: z.int().optional(),
  hooksFailed: z.int().optional(),
});
