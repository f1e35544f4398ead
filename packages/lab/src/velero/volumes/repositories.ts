import { BackupRepository, Secret, VeleroLabel } from "@drover/crds";
import { KubeError } from "@drover/kube";
import { KeyedLock } from "../../objectstore/keyed-lock.ts";
import { labelValue, messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import type { Location } from "../storage/location.ts";
import { Restic, ResticError } from "./restic.ts";

const secretName = "velero-repo-credentials";
const secretKey = "repository-password";

/** Velero gives every repository this password unless told otherwise; clusters that share a bucket must agree on it. */
const defaultPassword = "static-passw0rd";

/** Creates the Secret with the repositories' password when there is none. */
export async function ensureRepositoryPassword(context: VeleroContext): Promise<void> {
  const { cluster, namespace } = context;
  if (await cluster.find(Secret, { name: secretName, namespace })) return;
  try {
    await cluster.create(Secret, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: secretName, namespace },
      type: "Opaque",
      data: { [secretKey]: Buffer.from(defaultPassword).toString("base64") },
    });
  } catch (error) {
    if (!(error instanceof KubeError && error.isAlreadyExists)) throw error;
  }
}

async function readPassword({ cluster, namespace }: VeleroContext): Promise<string> {
  const secret = await cluster.find(Secret, { name: secretName, namespace });
  const encoded = secret?.data?.[secretKey];
  if (encoded === undefined) {
    throw new Error(`The Secret ${namespace}/${secretName} has no key "${secretKey}".`);
  }
  return Buffer.from(encoded, "base64").toString("utf8");
}

/** restic for one location, with the cluster's repository password. */
export async function openRestic(context: VeleroContext, location: Location): Promise<Restic> {
  const { stateDir, searchPath, signal } = context;
  const password = await readPassword(context);
  return new Restic({ stateDir, searchPath, location, signal, password });
}

const lock = new KeyedLock();

async function findRepository(
  { cluster, namespace }: VeleroContext,
  labels: Readonly<Record<string, string>>,
): Promise<BackupRepository | undefined> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const [first] = await cluster.list(BackupRepository, { namespace, labelSelector });
  return first;
}

async function openOrInit(restic: Restic, repository: string): Promise<void> {
  try {
    await restic.run({ repository, args: ["cat", "config"] });
  } catch (error) {
    if (!(error instanceof ResticError) || !error.isRepositoryMissing) throw error;
    await restic.run({ repository, args: ["init"] }).catch(async (problem: unknown) => {
      // The other cluster may have made it in the same moment; then it opens now.
      await restic.run({ repository, args: ["cat", "config"] }).catch(() => {
        throw problem;
      });
    });
  }
}

/** The repository of a namespace's volumes at a location: made when absent, and known to the cluster as a BackupRepository. */
export async function ensureRepository(
  context: VeleroContext,
  location: Location,
  volumeNamespace: string,
): Promise<void> {
  const repository = location.repository(volumeNamespace);
  const { cluster, clusterName, namespace } = context;
  await lock.run(`${clusterName} ${repository}`, async () => {
    const labels = {
      [VeleroLabel.volumeNamespace]: labelValue(volumeNamespace),
      [VeleroLabel.storageLocation]: labelValue(location.name),
      [VeleroLabel.repositoryType]: "restic",
    };
    const existing = await findRepository(context, labels);
    if (existing?.status?.phase === "Ready") return;
    const object =
      existing ??
      (await cluster.create(BackupRepository, {
        apiVersion: "velero.io/v1",
        kind: "BackupRepository",
        metadata: {
          generateName: `${volumeNamespace}-${location.name}-restic-`,
          namespace,
          labels,
        },
        spec: {
          volumeNamespace,
          backupStorageLocation: location.name,
          repositoryType: "restic",
          resticIdentifier: repository,
          maintenanceFrequency: "168h0m0s",
        },
      }));
    const name = object.metadata.name ?? "";
    try {
      await openOrInit(await openRestic(context, location), repository);
    } catch (error) {
      const status = { phase: "NotReady", message: messageOf(error) };
      await patchStatus(context, BackupRepository, { name, status });
      throw error;
    }
    const status = { phase: "Ready", message: null, lastMaintenanceTime: nowText() };
    await patchStatus(context, BackupRepository, { name, status });
  });
}

/** Has the next use look for the repository again, after it was not found where it should be. */
export async function doubtRepository(
  context: VeleroContext,
  location: Location,
  volumeNamespace: string,
): Promise<void> {
  const repository = await findRepository(context, {
    [VeleroLabel.volumeNamespace]: labelValue(volumeNamespace),
    [VeleroLabel.storageLocation]: labelValue(location.name),
  });
  if (repository === undefined) return;
  const status = { phase: "NotReady", message: "The repository was not found in the bucket." };
  await patchStatus(context, BackupRepository, { name: repository.metadata.name ?? "", status });
}
