import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { workloadRules } from "./workloads.ts";
import type { WorkloadRule } from "./workloads.ts";

export type Direction = "quiesce" | "unquiesce";

type Selection = {
  readonly namespaces: readonly string[];
  /** Every workload when absent. */
  readonly accepts?: (object: KubeObject) => boolean;
};

/** Stops workloads, or starts those again that were stopped. Safe to repeat. */
export async function scaleWorkloads(
  cluster: Cluster,
  { namespaces, accepts = () => true }: Selection,
  direction: Direction,
): Promise<void> {
  for (const rule of workloadRules) {
    for (const namespace of namespaces) {
      const found = await listIfServed(cluster, rule.kind, namespace);
      const change = (object: KubeObject) => scale(cluster, object, { rule, direction });
      for (const object of found.filter(accepts)) await change(object);
    }
  }
}

type Change = { readonly rule: WorkloadRule; readonly direction: Direction };

async function scale(
  cluster: Cluster,
  object: KubeObject,
  { rule, direction }: Change,
): Promise<void> {
  const patch = rule[direction](object);
  if (patch === undefined) return;
  const body = guarded(patch, object);
  await cluster.patch(rule.kind, refOf(object), { type: "merge", body });
}

/** Refused when the workload changed since it was read; the pass is then repeated on what is there now. */
function guarded(patch: { readonly metadata: object }, object: KubeObject): object {
  const { resourceVersion } = object.metadata;
  return { ...patch, metadata: { ...patch.metadata, resourceVersion } };
}

function refOf({ metadata }: KubeObject): { name: string; namespace: string } {
  return { name: metadata.name ?? "", namespace: metadata.namespace ?? "" };
}

async function listIfServed(
  cluster: Cluster,
  kind: ResourceKind,
  namespace: string,
): Promise<KubeObject[]> {
  try {
    return await cluster.list(kind, { namespace });
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return [];
    throw error;
  }
}
