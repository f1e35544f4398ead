import type { UpdateStorage } from "@drover/contract";
import { MigStorage, isRefSet } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError, invalidField } from "../app-error.ts";
import { withChangedSecret } from "../host/create-with-secret.ts";
import type { StorageDeps } from "./create-storage.ts";
import { s3Settings, secretData } from "./storage-spec.ts";

/** New keys, when both are given; one alone would leave a pair that fits nothing. */
function newKeys({ accessKey, secretKey }: UpdateStorage): Record<string, string> | undefined {
  if (accessKey !== undefined && secretKey !== undefined)
    return secretData({ accessKey, secretKey });
  if (accessKey === undefined && secretKey === undefined) return undefined;
  throw invalidField(
    accessKey === undefined ? "accessKey" : "secretKey",
    "Enter both keys, or neither to keep those there are.",
  );
}

/** Changes a replication repository; what the form leaves out is removed, except for the keys. */
export async function updateStorage(
  { config }: StorageDeps,
  actor: Actor,
  change: { readonly name: string; readonly form: UpdateStorage },
): Promise<MigStorage> {
  const { name, form } = change;
  const ref = { namespace: config.namespace, name };
  const data = newKeys(form);
  const current = await actor.cluster.get(MigStorage, ref);
  const settings = s3Settings(form);
  const write = (): Promise<MigStorage> =>
    actor.cluster.patch(MigStorage, ref, {
      type: "merge",
      body: {
        metadata: { resourceVersion: current.metadata.resourceVersion },
        spec: {
          backupStorageConfig: settings,
          volumeSnapshotConfig: { awsRegion: settings.awsRegion },
          refresh: true,
        },
      },
    });
  if (data === undefined) return write();
  const secretRef = current.spec.backupStorageConfig.credsSecretRef;
  if (!isRefSet(secretRef))
    throw new AppError(
      "CONFLICT",
      `Replication repository ${name} names no Secret for its keys. Remove it and add it again.`,
    );
  return withChangedSecret(actor.cluster, { ref: secretRef, data }, write);
}
