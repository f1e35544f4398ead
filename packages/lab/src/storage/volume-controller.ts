import { rm } from "node:fs/promises";
import type { ClusterLayout } from "../lab-layout.ts";
import { writeStatus } from "../node/controllers/status-change.ts";
import { isDeleting, keyOf, nameOf, uidOf } from "../node/kinds/lab-kind.ts";
import { PersistentVolume, PersistentVolumeClaim } from "../node/kinds/storage.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { onChangeOf } from "../node/runtime/controller.ts";
import type { Controller } from "../node/runtime/controller.ts";
import { isSized } from "./sized-volumes.ts";
import type { SizedVolumes } from "./sized-volumes.ts";
import { directoryDriver, volumeDirectory } from "./volume-directory.ts";

const protection = "kubernetes.io/pv-protection";

export type VolumeScope = {
  readonly view: ClusterView;
  readonly layout: ClusterLayout;
  readonly sized: SizedVolumes;
  readonly onRemoval: (name: string) => Promise<void>;
};

/** Keeps the phase of volumes, and does with those whose claim is gone what their reclaim policy says. */
export function volumeController(scope: VolumeScope): Controller {
  const { view } = scope;
  return {
    name: "persistentvolume-controller",
    triggers: [
      onChangeOf(PersistentVolume, (volume) => [nameOf(volume)]),
      onChangeOf(PersistentVolumeClaim, (claim) => volumesNaming(view, claim)),
    ],
    async reconcile(key) {
      const volume = view.watch(PersistentVolume).find(key);
      if (volume === undefined) return undefined;
      const claim = claimOf(view, volume);
      if (isDeleting(volume)) {
        if (claim === undefined) await removeVolume(scope, volume);
        return undefined;
      }
      const phase = phaseOf(volume, claim);
      await writeStatus(view, PersistentVolume, { object: volume, status: { phase } });
      const isDynamic =
        volume.metadata.annotations?.["pv.kubernetes.io/provisioned-by"] === directoryDriver;
      const isReclaimed =
        phase === "Released" && volume.spec.persistentVolumeReclaimPolicy === "Delete";
      // The directory goes with the object, in `removeVolume`.
      if (isReclaimed && isDynamic) await view.remove(PersistentVolume, volume);
      return undefined;
    },
  };
}

function volumesNaming(view: ClusterView, claim: PersistentVolumeClaim): string[] {
  const { volumeName } = claim.spec;
  if (volumeName !== undefined && volumeName !== "") return [volumeName];
  return view
    .watch(PersistentVolume)
    .list()
    .filter(
      ({ spec: { claimRef } }) =>
        `${claimRef?.namespace ?? ""}/${claimRef?.name ?? ""}` === keyOf(claim),
    )
    .map(nameOf);
}

/** The claim a volume belongs to, if that very claim is still there. */
function claimOf(view: ClusterView, volume: PersistentVolume): PersistentVolumeClaim | undefined {
  const ref = volume.spec.claimRef;
  if (ref === undefined) return undefined;
  const claim = view.watch(PersistentVolumeClaim).find(`${ref.namespace ?? ""}/${ref.name ?? ""}`);
  return claim !== undefined && uidOf(claim) === ref.uid ? claim : undefined;
}

function phaseOf(volume: PersistentVolume, claim: PersistentVolumeClaim | undefined): string {
  if (claim !== undefined) return "Bound";
  // A reference without a uid reserves the volume for a claim that is still to come.
  const { uid } = volume.spec.claimRef ?? {};
  return uid === undefined || uid === "" ? "Available" : "Released";
}

async function removeVolume(
  { view, layout, sized, onRemoval }: VolumeScope,
  volume: PersistentVolume,
): Promise<void> {
  const { finalizers = [] } = volume.metadata;
  if (!finalizers.includes(protection)) return;
  const isDynamic =
    volume.metadata.annotations?.["pv.kubernetes.io/provisioned-by"] === directoryDriver;
  const isOurs = isDynamic && volume.spec.persistentVolumeReclaimPolicy === "Delete";
  const directory = isOurs ? volumeDirectory(layout, volume) : undefined;
  if (directory !== undefined && isSized(volume)) {
    await onRemoval(nameOf(volume));
    await sized.remove(volume, directory);
  }
  if (directory !== undefined) await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  const rest = finalizers.filter((finalizer) => finalizer !== protection);
  await view.change(PersistentVolume, volume, { metadata: { finalizers: rest } });
}
