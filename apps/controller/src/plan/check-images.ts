import { ImageStream } from "@drover/crds";
import { KubeError } from "@drover/kube";
import { concurrently } from "../runtime/concurrently.ts";
import type { PlanScope, Side } from "./plan-scope.ts";

const REGISTRY_CONDITIONS = ["SourceClusterNoRegistryPath", "DestinationClusterNoRegistryPath"];

/** Where no image is going to be migrated, no registry is needed. */
export async function checkImages(scope: PlanScope): Promise<void> {
  const { source, pass, settings } = scope;
  if (!source || !pass.conditions.has(...REGISTRY_CONDITIONS)) return;
  const isOff = settings.isImageCopyDisabled || settings.excludedResources.includes("imagestreams");
  if (!isOff && (await hasImageStreams(scope, source))) return;
  for (const type of REGISTRY_CONDITIONS) pass.conditions.remove(type);
}

async function hasImageStreams({ namespaces }: PlanScope, source: Side): Promise<boolean> {
  const counts = await concurrently(namespaces, 8, async (mapping) => {
    const options = { namespace: mapping.source, limit: 1 };
    try {
      return (await source.cluster.listPage(ImageStream, options)).items.length;
    } catch (error) {
      if (error instanceof KubeError && error.isNotFound) return 0;
      throw error;
    }
  });
  return counts.some((count) => count > 0);
}
