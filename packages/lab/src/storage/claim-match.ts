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
  const { spec } = volume;
  const modes = claim.spec.accessModes ?? [];
  return (
    !isDeleting(volume) &&
    volume.status?.phase !== "Released" &&
    volume.status?.phase !== "Failed" &&
    (spec.storageClassName ?? "") === (claim.spec.storageClassName ?? "") &&
    (spec.volumeMode ?? "Filesystem") === (claim.spec.volumeMode ?? "Filesystem") &&
    modes.every((mode) => spec.accessModes?.includes(mode) === true) &&
    capacityOf(volume) >= bytesOf(claim.spec.resources?.requests?.["storage"]) &&
    (claim.spec.selector === undefined ||
      matchesSelector(claim.spec.selector, volume.metadata.labels))
  );
}

function capacityOf(volume: PersistentVolume): number {
  return bytesOf(volume.spec.capacity?.["storage"]);
}
