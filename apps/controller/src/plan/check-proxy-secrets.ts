import { Label, LabelValue, Secret } from "@drover/crds";
import type { PlanScope, Side } from "./plan-scope.ts";

const KEYS = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

/** The Secret that may hold proxy settings for registries: one per cluster at most, with a known key. */
export async function checkProxySecrets({ source, destination, deps, pass }: PlanScope) {
  const ends = [
    ["Source", source],
    ["Destination", destination],
  ] as const;
  for (const [role, side] of ends) {
    const problem = side ? await proxyProblem(side, deps.namespace) : undefined;
    if (!problem) continue;
    const type = `${role}ClusterProxySecretMisconfigured`;
    pass.conditions.set({ type, category: "Critical", ...problem });
  }
}

async function proxyProblem({ cluster, migCluster }: Side, namespace: string) {
  const labelSelector = `${Label.proxyConfig}=${LabelValue.proxyConfig}`;
  const { items } = await cluster.listPage(Secret, { namespace, labelSelector, limit: 2 });
  const [secret, other] = items;
  const place = `in namespace ${namespace} of cluster ${migCluster.metadata.name}`;
  if (other) {
    const message = `More than one Secret ${place} has the label ${labelSelector}. Keep it on one.`;
    return { reason: "Conflict", message };
  }
  if (!secret || KEYS.some((key) => secret.data?.[key] !== undefined)) return undefined;
  const message = `Secret ${secret.metadata.name} ${place} has none of the keys ${KEYS.join(", ")}.`;
  return { reason: "KeyNotFound", message };
}
