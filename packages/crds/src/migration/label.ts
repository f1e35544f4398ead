/** Label keys, in upstream's exact spelling. */
export const Label = {
  partOf: "app.kubernetes.io/part-of",
  includedInStageBackup: "migration-included-stage-backup",
  initialBackup: "migration-initial-backup",
  stageBackup: "migration-stage-backup",
  stageRestore: "migration-stage-restore",
  finalRestore: "migration-final-restore",
  directVolume: "migration-direct-volume",
  migratedByMigration: "migration.openshift.io/migrated-by-migmigration",
  migratedByPlan: "migration.openshift.io/migrated-by-migplan",
  migratedByBackup: "migration.openshift.io/migrated-by-backup",
  migratedByDirectVolumeMigration: "migration.openshift.io/migrated-by-directvolumemigration",
  sourceForDirectVolumeMigration: "migration.openshift.io/source-for-directvolumemigration",
  migrationUid: "migration.openshift.io/migration-uid",
  migrationName: "migration.openshift.io/migmigration-name",
  planName: "migration.openshift.io/migplan-name",
  stagePod: "migration.openshift.io/is-stage-pod",
  applicationPod: "migration.openshift.io/is-application-pod",
  createdForPvc: "migration.openshift.io/created-for-pvc",
  rsyncAttempt: "migration.openshift.io/rsync-attempt",
  progressCollected: "migration.openshift.io/dvmp-done",
  migrationRegistry: "migration.openshift.io/migration-registry",
  proxyConfig: "migration-proxy-config",
  hookPhase: "phase",
  owner: "owner",
  purpose: "purpose",
  app: "app",
  createdBy: "CreatedBy",
  createdForResourceType: "createdForResourceType",
  createdForResource: "createdForResource",
  controlPlane: "control-plane",
  logReader: "logreader",
  podSecurityEnforce: "pod-security.kubernetes.io/enforce",
} as const;

/** Values of labels that have a fixed one. */
export const LabelValue = {
  partOf: "openshift-migration",
  true: "True",
  proxyConfig: "true",
  rsyncApp: "directvolumemigration-rsync-transfer",
  rsyncBlockApp: "directvolumemigration-rsync-transfer-block",
  rsyncOwner: "directvolumemigration",
  rsyncPurpose: "rsync",
  controlPlane: "controller-manager",
  logReader: "mig",
} as const;

/** Annotation keys, in upstream's exact spelling. */
export const Annotation = {
  touch: "openshift.io/touch",
  migrationType: "migration.openshift.io/migmigration-type",
  migrateType: "openshift.io/migrate-type",
  targetStorageClass: "openshift.io/target-storage-class",
  targetAccessMode: "openshift.io/target-access-mode",
  copyMethod: "migration.openshift.io/copy-method",
  quiescePods: "openshift.io/migrate-quiesce-pods",
  quiesceDaemonSet: "migration.openshift.io/quiesceDaemonSet",
  preQuiesceReplicas: "migration.openshift.io/preQuiesceReplicas",
  preQuiescePaused: "migration.openshift.io/preQuiescePaused",
  preQuiesceSuspend: "migration.openshift.io/preQuiesceSuspend",
  preQuiesceNodeSelector: "migration.openshift.io/preQuiesceNodeSelector",
  vmRunStrategy: "migration.openshift.io/vm-run-strategy",
  startVm: "migration.openshift.io/start-vm",
  stagePodImage: "migration.openshift.io/stage-pod-image",
  excludePvcs: "migration.openshift.io/exclude-pvcs",
  backupVolumes: "backup.velero.io/backup-volumes",
  verifyVolumes: "backup.velero.io/verify-volumes",
  disableImageCopy: "migration.openshift.io/disable-image-copy",
  stateTransfer: "migration.openshift.io/state-transfer",
  migrationRegistry: "openshift.io/migration-registry",
  migrationRegistryDir: "openshift.io/migration-registry-dir",
  originalReclaimPolicy: "migration.openshift.io/orig-reclaim-policy",
  statefulSetUpdate: "migration.openshift.io/statefulset-update",
  statefulSetTemporary: "migration.openshift.io/statefulset-temporary",
  resticErrorCount: "velero.io/restore-pvr-error-count",
  resticVerifyErrorCount: "velero.io/restore-pvr-verify-error-count",
  selectedPlanType: "migration.openshift.io/selected-migplan-type",
  storageIsAwsS3: "migration.openshift.io/mig-ui.aws-s3",
  sccUidRange: "openshift.io/sa.scc.uid-range",
  sccSupplementalGroups: "openshift.io/sa.scc.supplemental-groups",
  sccMcs: "openshift.io/sa.scc.mcs",
  nodeSelector: "openshift.io/node-selector",
  defaultStorageClass: "storageclass.kubernetes.io/is-default-class",
  defaultStorageClassBeta: "storageclass.beta.kubernetes.io/is-default-class",
  defaultVirtStorageClass: "storageclass.kubevirt.io/is-default-virt-class",
} as const;

export const Finalizer = {
  directVolumeMigration: "migration.openshift.io/directvolumemigrationfinalizer",
} as const;

/** The key of a kind's correlation label: the kind in lower case, whose value is the resource's UID. */
export function correlationKey(kind: { readonly kind: string }): string {
  return kind.kind.toLowerCase();
}

/** The labels that tie an object to the resource it was created for. */
export function correlationLabels(owner: {
  readonly kind: string;
  readonly metadata: { readonly uid?: string | undefined };
}): Record<string, string> {
  return {
    [Label.partOf]: LabelValue.partOf,
    [correlationKey(owner)]: owner.metadata.uid ?? "",
  };
}
