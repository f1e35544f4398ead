import { BackupStorageLocation, type Backup } from "@drover/crds";
import { messageOf, type VeleroContext } from "../context.ts";
import { listProblems } from "../resource-filter.ts";
import { openLocation, type Location } from "../storage/location.ts";

/** What a spec must be before anything is done for it. */
export type Validated =
  | { readonly location: Location; readonly problems?: undefined }
  | { readonly problems: readonly string[] };

async function findLocation(
  { cluster, namespace }: VeleroContext,
  name: string | undefined,
): Promise<BackupStorageLocation | undefined> {
  if (name !== undefined && name !== "") {
    return cluster.find(BackupStorageLocation, { name, namespace });
  }
  const locations = await cluster.list(BackupStorageLocation, { namespace });
  return (
    locations.find(({ spec }) => spec.default === true) ??
    locations.find(({ metadata }) => metadata.name === "default")
  );
}

function specProblems({ spec }: Backup): string[] {
  const problems = [
    ...listProblems(
      { included: spec.includedResources, excluded: spec.excludedResources },
      "resource",
    ),
    ...listProblems(
      { included: spec.includedNamespaces, excluded: spec.excludedNamespaces },
      "namespace",
    ),
  ];
  if (spec.labelSelector && spec.orLabelSelectors?.length) {
    problems.push(
      "encountered labelSelector as well as orLabelSelectors in backup spec, only one can be specified",
    );
  }
  if (spec.snapshotVolumes === true) {
    problems.push(
      "Volume snapshots are not served by this Velero. Leave snapshotVolumes unset or false, and back volumes up by file system.",
    );
  }
  return problems;
}

/** Opens the location of a backup, or says everything that is wrong with the request. */
export async function validateBackup(context: VeleroContext, backup: Backup): Promise<Validated> {
  const problems = specProblems(backup);
  const asked = backup.spec.storageLocation;
  const found = await findLocation(context, asked);
  if (found === undefined) {
    const what = asked ? `BackupStorageLocation "${asked}"` : "default BackupStorageLocation";
    problems.push(`The ${what} does not exist in namespace ${context.namespace}.`);
    return { problems };
  }
  if (found.spec.accessMode === "ReadOnly") {
    problems.push(`The BackupStorageLocation "${found.metadata.name}" is read-only.`);
  }
  if (problems.length > 0) return { problems };
  try {
    const location = await openLocation(context, found);
    await location.bucket.check();
    return { location };
  } catch (error) {
    const name = found.metadata.name;
    return {
      problems: [`The BackupStorageLocation "${name}" cannot be used: ${messageOf(error)}`],
    };
  }
}
