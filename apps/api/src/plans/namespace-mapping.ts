import type { NamespaceMapping } from "@drover/contract";
import { formatMapping } from "@drover/crds";
import type { PlanType } from "@drover/crds";

type PlanKind = { readonly type: PlanType; readonly isWithinOneCluster: boolean };

/**
 * A mapping as the plan keeps it: `source`, or `source:target`. Within one cluster a namespace cannot go to itself,
 * unless only its storage is converted, so it gets the name upstream gives it.
 */
export function mappingText({ source, target }: NamespaceMapping, plan: PlanKind): string {
  if (plan.type === "scc") return source;
  const isForced = source === target && plan.isWithinOneCluster;
  return formatMapping({ source, destination: isForced ? `${source}-new` : target });
}
