import { isDeleting, nameOf, namespaceOf, uidOf } from "../node/kinds/lab-kind.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../node/kinds/storage.ts";
import { matchesSelector } from "../node/runtime/label-match.ts";
import { bytesOf } from "./quantity.ts";

/** The volume a claim should have among those there are: the one made for it, else the smallest that fits. */
export function findVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
): PersistentVolume | undefined {
  const wanted = claim.spec.volumeName;
  if (wanted !== undefined && wanted !== "") {
    const named = volumes.find((volume) => nameOf(volume) === wanted);
    return named !== undefined && isFreeFor(claim, named) ? named : undefined;
  }
  const reserved = volumes.find((volume) => isReservedFor(claim, volume));
  if (reserved !== undefined) return reserved;
  return volumes
    .filter((volume) => volume.spec.claimRef === undefined && fits(claim, volume))
    .sort((a, b) => capacityOf(a) - capacityOf(b))[0];
}

/** Whether a volume's claim reference names this claim (by uid, once it has one). */
export function isReservedFor(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  const ref = volume.spec.claimRef;
  if (ref === undefined) return false;
  const isNamed = ref.name === nameOf(claim) && ref.namespace === namespaceOf(claim);
  return isNamed && (ref.uid === undefined || ref.uid === "" || ref.uid === uidOf(claim));
}

function isFreeFor(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  if (isDeleting(volume)) return false;
  return volume.spec.claimRef === undefined || isReservedFor(claim, volume);
}

function fits(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return isUsable(volume) && isOfKind(claim, volume) && isEnough(claim, volume);
}

function isUsable(volume: PersistentVolume): boolean {
  return !isDeleting(volume) && !["Released", "Failed"].includes(volume.status?.phase ?? "");
}

function isOfKind({ spec: wanted }: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  const { storageClassName = "", volumeMode = "Filesystem" } = volume.spec;
  const { storageClassName: wantedClass = "", volumeMode: wantedMode = "Filesystem" } = wanted;
  const isSelected =
    wanted.selector === undefined || matchesSelector(wanted.selector, volume.metadata.labels);
  return storageClassName === wantedClass && volumeMode === wantedMode && isSelected;
}

function isEnough({ spec: wanted }: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  const modes = volume.spec.accessModes ?? [];
  return (
    (wanted.accessModes ?? []).every((mode) => modes.includes(mode)) &&
    capacityOf(volume) >= bytesOf(wanted.resources?.requests?.["storage"])
  );
}

function capacityOf(volume: PersistentVolume): number {
  return bytesOf(volume.spec.capacity?.["storage"]);
}
