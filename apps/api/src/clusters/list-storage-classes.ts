import type { StorageClassList } from "@drover/contract";
import { Annotation, StorageClass } from "@drover/crds";
import type { Cluster } from "@drover/kube";

export async function listStorageClasses(cluster: Cluster): Promise<StorageClassList> {
  const classes = await cluster.list(StorageClass);
  return {
    items: classes
      .map((storageClass) => {
        const { name = "", annotations = {} } = storageClass.metadata;
        return {
          name,
          provisioner: storageClass.provisioner,
          isDefault: [Annotation.defaultStorageClass, Annotation.defaultStorageClassBeta].some(
            (key) => annotations[key] === "true",
          ),
        };
      })
      .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
  };
}
