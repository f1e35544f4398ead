import { isDeleting, typeOf } from "../node/kinds/lab-kind.ts";
import { PersistentVolume, StorageClass } from "../node/kinds/storage.ts";
import type { ClusterLayout } from "../lab-layout.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { runController } from "../node/runtime/controller.ts";
import type { Running } from "../node/runtime/controller.ts";
import { claimController } from "./claim-controller.ts";
import { directoryDriver, volumeDirectory } from "./volume-directory.ts";
import { isSized, sizedVolumes, sizedVolumesProblem } from "./sized-volumes.ts";
import type { SizedVolumes } from "./sized-volumes.ts";
import { volumeController } from "./volume-controller.ts";

export type StorageRoomOptions = {
  readonly view: ClusterView;
  readonly layout: ClusterLayout;
  readonly classes: readonly ClassOptions[];
  /** Called before a volume with a file system of its own is taken away, for those who hold it open. */
  readonly onRemoval?: (name: string) => Promise<void>;
};

export type ClassOptions = {
  readonly name: string;
  readonly isDefault?: boolean;
  readonly waitsForConsumer?: boolean;
  /** Volumes whose directory every cluster of the lab reaches. */
  readonly isNfs?: boolean;
  /** Volumes that hold no more than their capacity; needs root. */
  readonly isSized?: boolean;
};

/** Starts a cluster's storage: its classes, and what makes, binds and reclaims volumes. */
export async function startStorageRoom({
  view,
  layout,
  classes,
  onRemoval = () => Promise.resolve(),
}: StorageRoomOptions): Promise<Running> {
  if (classes.some(({ isSized: wantsSize }) => wantsSize === true)) {
    const problem = await sizedVolumesProblem();
    if (problem !== undefined) throw new Error(problem);
  }
  for (const options of classes) {
    await view.cluster.apply(StorageClass, storageClass(options), { fieldManager: "drover-lab" });
  }
  const sized = sizedVolumes(layout.volumeImagesDir);
  await remount(view, layout, sized);
  const scope = { view, layout, sized, onRemoval };
  const controllers = [
    runController(view, claimController(scope)),
    runController(view, volumeController(scope)),
  ];
  return {
    async close() {
      await Promise.all(controllers.map((running) => running.close()));
      await sized.close();
    },
  };
}

/** After a restart of the machine the file systems of volumes are there, but not where pods look for them. */
async function remount(
  { cluster }: ClusterView,
  layout: ClusterLayout,
  sized: SizedVolumes,
): Promise<void> {
  for (const volume of (await cluster.list(PersistentVolume)).filter(isSized)) {
    const directory = volumeDirectory(layout, volume);
    if (directory !== undefined && !isDeleting(volume)) await sized.mount(volume, directory);
  }
}

function storageClass(options: ClassOptions): StorageClass {
  const { name, isDefault = false, waitsForConsumer = false } = options;
  const annotations = isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {};
  return {
    ...typeOf(StorageClass),
    metadata: { name, annotations },
    provisioner: directoryDriver,
    reclaimPolicy: "Delete",
    volumeBindingMode: waitsForConsumer ? "WaitForFirstConsumer" : "Immediate",
    // A mounted file system of the lab keeps its size.
    allowVolumeExpansion: options.isSized !== true,
    parameters: { type: typeName(options) },
  };
}

function typeName({ isNfs, isSized: hasSize }: ClassOptions): string {
  if (isNfs === true) return "nfs";
  return hasSize === true ? "sized" : "directory";
}
