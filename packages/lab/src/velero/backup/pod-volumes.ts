import { Annotation, type Backup, type Volume } from "@drover/crds";
import type { RawObject } from "../raw-object.ts";
import { recordsAt } from "../raw-object.ts";

const excludesAnnotation = "backup.velero.io/backup-volumes-excludes";

function listed(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Volumes whose content comes from elsewhere in the cluster or node. */
function hasOwnData(volume: Volume): boolean {
  const { hostPath, secret, configMap, projected, downwardAPI } = volume;
  return [hostPath, secret, configMap, projected, downwardAPI].every((one) => one === undefined);
}

/** The volumes of a pod whose files are backed up: the annotated ones, or all but the excluded when the backup says so. */
export function volumesToBackUp(pod: RawObject, spec: Backup["spec"]): string[] {
  const annotations = pod.metadata.annotations ?? {};
  const takesAll = spec.defaultVolumesToFsBackup ?? spec.defaultVolumesToRestic ?? false;
  if (!takesAll) return listed(annotations[Annotation.backupVolumes]);
  const excluded = new Set(listed(annotations[excludesAnnotation]));
  return (recordsAt(pod, "spec", "volumes") as unknown as Volume[])
    .filter((volume) => hasOwnData(volume) && !excluded.has(volume.name))
    .map(({ name }) => name);
}
