import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";

/** Creates the object; one of the same name that is there already is this very object, made before a crash. */
export async function createOnce<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  object: T,
): Promise<void> {
  try {
    await cluster.create(kind, object);
  } catch (error) {
    if (!(error instanceof KubeError && error.isAlreadyExists)) throw error;
  }
}
