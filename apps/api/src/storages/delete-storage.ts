import { MigPlan, MigStorage, Secret, isRefSet, refersTo } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { StorageDeps } from "./create-storage.ts";

async function requireUnused(
  { config }: StorageDeps,
  actor: Actor,
  found: MigStorage,
): Promise<void> {
  const plans = await actor.cluster.list(MigPlan, { namespace: config.namespace });
  const users = plans
    .filter(({ spec }) => refersTo(spec.migStorageRef, found))
    .map((plan) => plan.metadata.name);
  if (users.length === 0) return;
  const shown = users.slice(0, 5).join(", ");
  const more = users.length > 5 ? ` and ${users.length - 5} more` : "";
  throw new AppError(
    "CONFLICT",
    `Replication repository ${found.metadata.name} is used by ${shown}${more}. Delete these plans, or give them another repository, first.`,
  );
}

/** Only keys that no other repository uses. */
async function ownSecretRef({ config }: StorageDeps, actor: Actor, found: MigStorage) {
  const ref = found.spec.backupStorageConfig.credsSecretRef;
  if (!isRefSet(ref) || ref.namespace !== config.configNamespace) return undefined;
  const storages = await actor.cluster.list(MigStorage, { namespace: config.namespace });
  const sharers = storages.filter(({ spec }) => {
    const other = spec.backupStorageConfig.credsSecretRef;
    return other?.name === ref.name && other.namespace === ref.namespace;
  });
  return sharers.length > 1 ? undefined : { name: ref.name, namespace: ref.namespace };
}

/** Forgets a replication repository and its keys; what is stored in the bucket stays. */
export async function deleteStorage(deps: StorageDeps, actor: Actor, name: string): Promise<void> {
  const ref = { namespace: deps.config.namespace, name };
  const found = await actor.cluster.get(MigStorage, ref);
  await requireUnused(deps, actor, found);
  const secretRef = await ownSecretRef(deps, actor, found);
  await actor.cluster.delete(MigStorage, ref);
  if (secretRef === undefined) return;
  await actor.cluster.delete(Secret, secretRef).catch((cause: unknown) => {
    throw new AppError(
      "CLUSTER_REFUSED",
      `Replication repository ${name} was removed, but its keys in Secret ${secretRef.namespace}/${secretRef.name} were not. Delete that Secret by hand.`,
      { cause },
    );
  });
}
