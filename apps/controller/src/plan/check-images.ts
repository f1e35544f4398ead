import { ImageStream } from "@drover/crds";
import { KubeError } from "@drover/kube";
import { concurrently } from "../runtime/concurrently.ts";
import type { PlanScope } from "./plan-scope.ts";

const REGISTRY_CONDITIONS = ["SourceClusterNoRegistryPath", "DestinationClusterNoRegistryPath"];

/** Without image streams there are no images to migrate, and no registry is needed. */
export async function checkImages({ source, namespaces, pass }: PlanScope): Promise<void> {
  if (!source || !pass.conditions.has(...REGISTRY_CONDITIONS)) return;
  const counts = await concurrently(namespaces, 8, async (mapping) => {
    const options = { namespace: mapping.source, limit: 1 };
    try {
      return (await source.cluster.listPage(ImageStream, options)).items.length;
    } catch (error) {
      if (error instanceof KubeError && error.isNotFound) return 0;
      throw error;
    }
  });
  if (counts.some((count) => count > 0)) return;
  for (const type of REGISTRY_CONDITIONS) pass.conditions.remove(type);
}
