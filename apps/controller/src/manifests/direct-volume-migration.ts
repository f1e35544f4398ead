import { DirectVolumeMigration, Label, MigMigration, apiVersionOf } from "@drover/crds";
import type { ClaimMapping, VolumeToMigrate } from "@drover/crds";
import { migrationLabels, migrationObjectName } from "./migration-run.ts";
import type { MigrationRun } from "./migration-run.ts";

/** Marks a run that compares what the repository brought, and copies nothing. As an annotation it survives any schema. */
export const COMPARE_ONLY = "migration.openshift.io/compare-only";

type Options = {
  readonly namespace: string;
  /** `CutOver` once applications are stopped: then the copies are compared. */
  readonly migrationType: "Stage" | "CutOver";
  readonly claims: readonly ClaimMapping[];
  readonly compareOnly: boolean;
};

/** Copies the plan's volumes for one migration. */
export function directVolumeMigration(run: MigrationRun, options: Options): DirectVolumeMigration {
  const { srcMigClusterRef, destMigClusterRef } = run.plan.spec;
  return {
    apiVersion: apiVersionOf(DirectVolumeMigration),
    kind: DirectVolumeMigration.kind,
    metadata: {
      name: migrationObjectName(run, "volumes"),
      namespace: options.namespace,
      labels: { ...migrationLabels(run), [Label.directVolume]: run.uid },
      ...(options.compareOnly ? { annotations: { [COMPARE_ONLY]: "true" } } : {}),
      ownerReferences: [
        {
          apiVersion: apiVersionOf(MigMigration),
          kind: MigMigration.kind,
          name: run.name,
          uid: run.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      ...(srcMigClusterRef === undefined ? {} : { srcMigClusterRef }),
      ...(destMigClusterRef === undefined ? {} : { destMigClusterRef }),
      createDestinationNamespaces: !options.compareOnly,
      migrationType: options.migrationType,
      persistentVolumeClaims: options.claims.map(volumeToMigrate),
    },
  };
}

/** Volumes that rsync copies; moved, skipped and snapshotted ones go other ways. */
export function isCopiedDirectly({ volume }: ClaimMapping): boolean {
  const { action, copyMethod } = volume.selection;
  return action === "copy" && (copyMethod === "filesystem" || copyMethod === "block");
}

function volumeToMigrate({ namespace, claim, volume }: ClaimMapping): VolumeToMigrate {
  const { selection, pvc } = volume;
  const accessModes = selection.accessMode ? [selection.accessMode] : (pvc?.accessModes ?? []);
  return {
    namespace: namespace.source,
    name: claim.source,
    targetNamespace: namespace.destination,
    targetName: claim.destination,
    targetStorageClass: selection.storageClass ?? "",
    targetAccessModes: accessModes,
    ...(pvc?.volumeMode === undefined ? {} : { targetVolumeMode: pvc.volumeMode }),
    verify: selection.verify ?? false,
  };
}
