import {
  Annotation,
  Backup,
  Label,
  Restore,
  apiVersionOf,
  veleroNamespaceMapping,
} from "@drover/crds";
import type { BackupStorageLocation } from "@drover/crds";
import { migrationLabels, migrationObjectName } from "./migration-run.ts";
import type { MigrationRun } from "./migration-run.ts";

/** Volumes travel on their own, and images too. */
const NEVER_IN_INITIAL_BACKUP = ["imagestreams", "persistentvolumes", "persistentvolumeclaims"];

type BackupOptions = {
  readonly namespace: string;
  readonly storageLocation: string;
  /** `resource.group`; everything when empty. */
  readonly includedResources: readonly string[];
};

/** Every object of the plan's namespaces, without its volumes. */
export function initialBackup(run: MigrationRun, options: BackupOptions): Backup {
  const { spec, status } = run.plan;
  return {
    apiVersion: apiVersionOf(Backup),
    kind: Backup.kind,
    metadata: {
      name: migrationObjectName(run, "initial"),
      namespace: options.namespace,
      labels: { ...migrationLabels(run), [Label.initialBackup]: run.uid },
      annotations: { [Annotation.migrationType]: "final" },
    },
    spec: {
      storageLocation: options.storageLocation,
      ttl: "720h0m0s",
      includedNamespaces: run.namespaces.map(({ source }) => source),
      ...(options.includedResources.length === 0
        ? {}
        : { includedResources: [...options.includedResources] }),
      excludedResources: [
        ...new Set([...NEVER_IN_INITIAL_BACKUP, ...(status?.excludedResources ?? [])]),
      ],
      ...(spec.labelSelector === undefined ? {} : { labelSelector: spec.labelSelector }),
    },
  };
}

/** What carries the data of volumes over: stage pods, and the claims and volumes marked for it. */
export function stageBackup(
  run: MigrationRun,
  { namespace, storageLocation }: Omit<BackupOptions, "includedResources">,
): Backup {
  return {
    apiVersion: apiVersionOf(Backup),
    kind: Backup.kind,
    metadata: {
      name: migrationObjectName(run, "stage"),
      namespace,
      labels: { ...migrationLabels(run), [Label.stageBackup]: run.uid },
      annotations: { [Annotation.migrationType]: "stage" },
    },
    spec: {
      storageLocation,
      ttl: "720h0m0s",
      includedNamespaces: run.namespaces.map(({ source }) => source),
      includedResources: [
        "namespaces",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "serviceaccounts",
      ],
      labelSelector: { matchLabels: { [Label.includedInStageBackup]: run.uid } },
    },
  };
}

/** Creates the claims of the stage backup on the target and fills them. */
export function stageRestore(
  run: MigrationRun,
  { namespace, stageImage }: { readonly namespace: string; readonly stageImage: string },
): Restore {
  const mapping = veleroNamespaceMapping(run.plan.spec.namespaces);
  return {
    apiVersion: apiVersionOf(Restore),
    kind: Restore.kind,
    metadata: {
      name: migrationObjectName(run, "stage"),
      namespace,
      labels: { ...migrationLabels(run), [Label.stageRestore]: run.uid },
      annotations: {
        [Annotation.migrationType]: "stage",
        [Annotation.stagePodImage]: stageImage,
      },
    },
    spec: {
      backupName: migrationObjectName(run, "stage"),
      restorePVs: true,
      ...(mapping === undefined ? {} : { namespaceMapping: mapping }),
    },
  };
}

/** Creates the objects of the initial backup on the target, in their mapped namespaces. */
export function finalRestore(run: MigrationRun, namespace: string): Restore {
  const mapping = veleroNamespaceMapping(run.plan.spec.namespaces);
  const excluded = (run.plan.status?.incompatibleNamespaces ?? [])
    .flatMap(({ gvks }) => gvks)
    .map(({ kind, group }) => (group === "" ? kind : `${kind}.${group}`));
  return {
    apiVersion: apiVersionOf(Restore),
    kind: Restore.kind,
    metadata: {
      name: migrationObjectName(run, "final"),
      namespace,
      labels: { ...migrationLabels(run), [Label.finalRestore]: run.uid },
      annotations: { [Annotation.migrationType]: "final" },
    },
    spec: {
      backupName: migrationObjectName(run, "initial"),
      restorePVs: true,
      ...(excluded.length === 0 ? {} : { excludedResources: [...new Set(excluded)] }),
      ...(mapping === undefined ? {} : { namespaceMapping: mapping }),
    },
  };
}

/**
 * The backup as the target's Velero would find it in the object store when it next looks. Handing it over saves that
 * wait, a minute by default.
 */
export function replicatedBackup(backup: Backup, location: BackupStorageLocation): Backup {
  const { name = "", namespace = "", labels, annotations } = backup.metadata;
  const storageLocation = location.metadata.name ?? "";
  return {
    apiVersion: apiVersionOf(Backup),
    kind: Backup.kind,
    metadata: {
      name,
      namespace,
      labels: { ...labels, "velero.io/storage-location": storageLocation },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: { ...backup.spec, storageLocation },
    ...(backup.status === undefined ? {} : { status: backup.status }),
  };
}
