import { MigCluster, MigPlan, Secret, isRefSet, refersTo } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { ClusterDeps } from "./cluster-deps.ts";

async function requireUnused(
  { config }: Pick<ClusterDeps, "config">,
  actor: Actor,
  found: MigCluster,
): Promise<void> {
  const plans = await actor.cluster.list(MigPlan, { namespace: config.namespace });
  const users = plans
    .filter(({ spec }) =>
      [spec.srcMigClusterRef, spec.destMigClusterRef].some((ref) => refersTo(ref, found)),
    )
    .map((plan) => plan.metadata.name);
  if (users.length === 0) return;
  const shown = users.slice(0, 5).join(", ");
  const more = users.length > 5 ? ` and ${users.length - 5} more` : "";
  throw new AppError(
    "CONFLICT",
    `Cluster ${found.metadata.name} is used by ${users.length === 1 ? "plan" : "plans"} ${shown}${more}. Delete ${users.length === 1 ? "it" : "them"} first.`,
  );
}

/** Only what this console keeps for this cluster alone: a Secret elsewhere, or one that others use too, stays. */
async function ownSecretRef(
  { config }: Pick<ClusterDeps, "config">,
  actor: Actor,
  found: MigCluster,
) {
  const ref = found.spec.serviceAccountSecretRef;
  if (!isRefSet(ref) || ref.namespace !== config.configNamespace) return undefined;
  const clusters = await actor.cluster.list(MigCluster, { namespace: config.namespace });
  const sharers = clusters.filter(
    ({ spec }) =>
      spec.serviceAccountSecretRef?.name === ref.name &&
      spec.serviceAccountSecretRef.namespace === ref.namespace,
  );
  return sharers.length > 1 ? undefined : { name: ref.name, namespace: ref.namespace };
}

/** Forgets a cluster and its token. */
export async function deleteCluster(
  deps: Pick<ClusterDeps, "config">,
  actor: Actor,
  name: string,
): Promise<void> {
  const ref = { namespace: deps.config.namespace, name };
  const found = await actor.cluster.get(MigCluster, ref);
  if (found.spec.isHostCluster)
    throw new AppError("CONFLICT", `${name} is the host cluster and cannot be removed.`);
  await requireUnused(deps, actor, found);
  const secretRef = await ownSecretRef(deps, actor, found);
  await actor.cluster.delete(MigCluster, ref);
  if (secretRef === undefined) return;
  await actor.cluster.delete(Secret, secretRef).catch((cause: unknown) => {
    throw new AppError(
      "CLUSTER_REFUSED",
      `Cluster ${name} was removed, but its token in Secret ${secretRef.namespace}/${secretRef.name} was not. Delete that Secret by hand.`,
      { cause },
    );
  });
}
