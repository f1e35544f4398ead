import { typeOf } from "../node/kinds/lab-kind.ts";
import { StorageClass } from "../node/kinds/storage.ts";
import type { ClusterLayout } from "../lab-layout.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { runController } from "../node/runtime/controller.ts";
import type { Running } from "../node/runtime/controller.ts";
import { claimController } from "./claim-controller.ts";
import { directoryDriver } from "./volume-directory.ts";
import { volumeController } from "./volume-controller.ts";

export type StorageRoomOptions = {
  readonly view: ClusterView;
  readonly layout: ClusterLayout;
  readonly classes: readonly ClassOptions[];
};

export type ClassOptions = {
  readonly name: string;
  readonly isDefault?: boolean;
  readonly waitsForConsumer?: boolean;
  /** Volumes whose directory every cluster of the lab reaches. */
  readonly isNfs?: boolean;
};

/** Starts a cluster's storage: its classes, and what makes, binds and reclaims volumes. */
export async function startStorageRoom({
  view,
  layout,
  classes,
}: StorageRoomOptions): Promise<Running> {
  for (const options of classes) {
    await view.cluster.apply(StorageClass, storageClass(options), { fieldManager: "drover-lab" });
  }
  const controllers = [
    runController(view, claimController(view, layout)),
    runController(view, volumeController(view, layout)),
  ];
  return {
    async close() {
      await Promise.all(controllers.map((running) => running.close()));
    },
  };
}

function storageClass(options: ClassOptions): StorageClass {
  const { name, isDefault = false, waitsForConsumer = false, isNfs = false } = options;
  const annotations = isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {};
  return {
    ...typeOf(StorageClass),
    metadata: { name, annotations },
    provisioner: directoryDriver,
    reclaimPolicy: "Delete",
    volumeBindingMode: waitsForConsumer ? "WaitForFirstConsumer" : "Immediate",
    allowVolumeExpansion: true,
    parameters: isNfs ? { type: "nfs" } : { type: "directory" },
  };
}
