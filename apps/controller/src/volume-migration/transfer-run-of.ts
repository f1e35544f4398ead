import { Label, MigMigration, correlationKey } from "@drover/crds";
import type { DirectVolumeMigration, VolumeToMigrate } from "@drover/crds";
import { COMPARE_ONLY } from "../manifests/direct-volume-migration.ts";
import type { TransferRun, VolumeCopy } from "../manifests/transfer-run.ts";

/** Labels of the resource that objects made for it carry on: they say which migration and plan brought them. */
const CARRIED = [
  correlationKey(MigMigration),
  Label.migratedByMigration,
  Label.migratedByPlan,
  Label.migrationName,
  Label.planName,
] as const;

export function transferRunOf(object: DirectVolumeMigration): TransferRun {
  const { name = "", uid = "", labels = {}, annotations = {} } = object.metadata;
  const carried = CARRIED.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  const migrationLabels =
    carried.length > 0
      ? Object.fromEntries(carried)
      : { [Label.migratedByDirectVolumeMigration]: uid };
  return { name, uid, migrationLabels, compareOnly: annotations[COMPARE_ONLY] === "true" };
}

export function volumeCopyOf(volume: VolumeToMigrate): VolumeCopy {
  const { name = "", namespace = "", targetStorageClass, targetAccessModes } = volume;
  const { targetVolumeMode } = volume;
  return {
    claim: { namespace, name },
    target: { namespace: volume.targetNamespace || namespace, name: volume.targetName || name },
    ...(targetStorageClass ? { storageClass: targetStorageClass } : {}),
    ...(targetAccessModes
      ? { accessModes: targetAccessModes.filter((mode) => mode !== "auto") }
      : {}),
    ...(targetVolumeMode && targetVolumeMode !== "auto" ? { volumeMode: targetVolumeMode } : {}),
    isVerified: volume.verify ?? false,
  };
}
