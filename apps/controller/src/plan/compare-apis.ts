import { ObjectMeta } from "@drover/crds";
import type { IncompatibleNamespace, KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster, DiscoveredResource } from "@drover/kube";
import { z } from "zod";
import { concurrently } from "../runtime/concurrently.ts";

/** Kinds whose objects are made anew from others, and never restored. */
const NOT_MIGRATED = ["events", "endpoints", "endpointslices", "replicasets", "pods"];

const AnyKubeObject: z.ZodType<KubeObject> = z.looseObject({
  apiVersion: z.string().default(""),
  kind: z.string().default(""),
  metadata: ObjectMeta,
});

/** The namespaced kinds that the source prefers and the target does not serve in that version. */
export function incompatibleKinds(
  source: readonly DiscoveredResource[],
  destination: readonly DiscoveredResource[],
): DiscoveredResource[] {
  const served = new Set(destination.map(kindName));
  return source.filter(
    (resource) =>
      resource.preferred &&
      resource.namespaced &&
      resource.verbs.includes("list") &&
      !NOT_MIGRATED.includes(resource.plural) &&
      !served.has(kindName(resource)),
  );
}

/** Where on the source there are objects of kinds that the target does not serve. */
export async function incompatibleNamespaces(
  cluster: Cluster,
  namespaces: readonly string[],
  kinds: readonly DiscoveredResource[],
): Promise<IncompatibleNamespace[]> {
  const pairs = namespaces.flatMap((namespace) => kinds.map((kind) => ({ namespace, kind })));
  const hits = await concurrently(pairs, 16, async (pair) => ({
    ...pair,
    isUsed: await hasAny(cluster, pair.kind, pair.namespace),
  }));
  return namespaces.flatMap((name) => {
    const used = hits.filter(({ namespace, isUsed }) => isUsed && namespace === name);
    if (used.length === 0) return [];
    // Upstream puts the plural into `kind`.
    const gvks = used.map(({ kind: { group, version, plural } }) => {
      return { group, version, kind: plural };
    });
    return [{ name, gvks }];
  });
}

async function hasAny(
  cluster: Cluster,
  { group, version, kind, plural }: DiscoveredResource,
  namespace: string,
): Promise<boolean> {
  const resource: ResourceKind = {
    group,
    version,
    kind,
    plural,
    namespaced: true,
    schema: AnyKubeObject,
  };
  try {
    const { items } = await cluster.listPage(resource, { namespace, limit: 1 });
    return items.length > 0;
  } catch (error) {
    // Some servers offer a kind that they then do not list (405) or no longer have (404).
    if (error instanceof KubeError && (error.isNotFound || error.code === 405)) return false;
    throw error;
  }
}

function kindName({ group, version, kind }: DiscoveredResource): string {
  return `${group}/${version}/${kind}`;
}
