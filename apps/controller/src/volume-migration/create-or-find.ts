import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";

/** The object as it is on the cluster, created when it was not there. An existing one is not changed. */
export async function createOrFind<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  object: T,
): Promise<T> {
  const { name = "", namespace } = object.metadata;
  const ref = namespace === undefined ? { name } : { name, namespace };
  const found = await cluster.find(kind, ref);
  if (found) return found;
  try {
    return await cluster.create(kind, object);
  } catch (error) {
    // Another pass was faster: deterministic names make that the same object.
    if (error instanceof KubeError && error.isAlreadyExists) return cluster.get(kind, ref);
    throw error;
  }
}
