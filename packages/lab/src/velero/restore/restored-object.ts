import { Label, VeleroLabel, type Restore } from "@drover/crds";
import { labelValue } from "../context.ts";
import type { RawObject } from "../raw-object.ts";

export type Restored = {
  readonly restore: Restore;
  readonly backupName: string;
  /** Namespaces by their name in the backup. */
  readonly mapping: Readonly<Record<string, string>>;
};

export function mappedNamespace(
  mapping: Readonly<Record<string, string>>,
  namespace: string,
): string {
  return mapping[namespace] ?? namespace;
}

/** Labels that tell where an object came from; rolling a migration back finds its objects by them. */
function originLabels(resource: string, { restore, backupName }: Restored): Record<string, string> {
  const own = restore.metadata.labels ?? {};
  const labels: Record<string, string> = {
    [VeleroLabel.backupName]: labelValue(backupName),
    [VeleroLabel.restoreName]: labelValue(restore.metadata.name ?? ""),
  };
  if (resource === "serviceaccounts") return labels;
  for (const key of [Label.migratedByMigration, Label.migratedByPlan]) {
    const value = own[key];
    if (value === undefined) continue;
    labels[key] = value;
    labels[Label.migratedByBackup] = labelValue(backupName);
  }
  return labels;
}

/** An object without what its old cluster gave it: identity, history, owners and status. */
export function withoutHistory(object: RawObject): RawObject {
  const { status: _status, ...rest } = object;
  const { name = "", namespace, labels, annotations } = object.metadata;
  return {
    ...rest,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

/** An object as the destination gets it, before what is special about its kind. */
export function restoredObject(resource: string, object: RawObject, restored: Restored): RawObject {
  const bare = withoutHistory(object);
  const { namespace, labels } = bare.metadata;
  return {
    ...bare,
    metadata: {
      ...bare.metadata,
      ...(namespace === undefined
        ? {}
        : { namespace: mappedNamespace(restored.mapping, namespace) }),
      labels: { ...labels, ...originLabels(resource, restored) },
    },
  };
}
