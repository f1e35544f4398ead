import { isDeepStrictEqual } from "node:util";
import type { Restore, ResourceKind } from "@drover/crds";
import { KubeError, type Cluster } from "@drover/kube";
import { VeleroLabel } from "@drover/crds";
import { recordsAt, type RawObject } from "../raw-object.ts";
import { withoutHistory } from "./restored-object.ts";

export type Written =
  | { readonly result: "created" | "updated"; readonly object: RawObject }
  /** It was there already; `warning` when it is not what the backup has. */
  | { readonly result: "existed"; readonly warning?: string };

function comparable(object: RawObject): unknown {
  const bare = withoutHistory(object);
  const dropped: ReadonlySet<string> = new Set([VeleroLabel.backupName, VeleroLabel.restoreName]);
  const labels = Object.entries(bare.metadata.labels ?? {}).filter(
    ([key]) => !dropped.has(key) && !key.startsWith("migration.openshift.io/migrated-by-"),
  );
  return JSON.parse(
    JSON.stringify({
      ...bare,
      metadata: { ...bare.metadata, labels: Object.fromEntries(labels) },
    }),
  ) as unknown;
}

/** Names of both lists, those of the cluster first. */
function joined(existing: RawObject, wanted: RawObject, field: string): object[] {
  const has = recordsAt(existing, field);
  const known = new Set(has.map(({ name }) => name));
  return [...has, ...recordsAt(wanted, field).filter(({ name }) => !known.has(name))];
}

/** A service account exists in every namespace, so its references and labels are added instead of refused. */
function accountChanges(existing: RawObject, wanted: RawObject): object {
  return {
    metadata: {
      labels: { ...wanted.metadata.labels, ...existing.metadata.labels },
      annotations: { ...wanted.metadata.annotations, ...existing.metadata.annotations },
    },
    secrets: joined(existing, wanted, "secrets"),
    imagePullSecrets: joined(existing, wanted, "imagePullSecrets"),
  };
}

async function meetExisting(
  cluster: Cluster,
  kind: ResourceKind<RawObject>,
  { wanted, restore }: { wanted: RawObject; restore: Restore },
): Promise<Written> {
  const { name = "", namespace } = wanted.metadata;
  const ref = namespace === undefined ? { name } : { name, namespace };
  const existing = await cluster.get(kind, ref);
  if (isDeepStrictEqual(comparable(existing), comparable(wanted))) return { result: "existed" };
  const change = (body: object): Promise<RawObject> =>
    cluster.patch(kind, ref, { type: "merge", body });
  if (kind.group === "" && kind.plural === "serviceaccounts") {
    return { result: "updated", object: await change(accountChanges(existing, wanted)) };
  }
  if (restore.spec.existingResourcePolicy === "update") {
    return { result: "updated", object: await change(wanted) };
  }
  const warning = `could not restore, ${kind.kind} "${name}" already exists. Warning: the in-cluster version is different than the backed-up version`;
  return { result: "existed", warning };
}

/** Creates an object; one that is there already is left alone, or handled as the restore's policy says. */
export async function writeObject(
  cluster: Cluster,
  kind: ResourceKind<RawObject>,
  input: { readonly wanted: RawObject; readonly restore: Restore },
): Promise<Written> {
  try {
    return { result: "created", object: await cluster.create(kind, input.wanted) };
  } catch (error) {
    if (!(error instanceof KubeError) || !error.isAlreadyExists) throw error;
    return meetExisting(cluster, kind, input);
  }
}
