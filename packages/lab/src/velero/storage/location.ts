import { createHash } from "node:crypto";
import { BackupStorageLocation, Secret } from "@drover/crds";
import type { VeleroContext } from "../context.ts";
import { Bucket } from "./bucket.ts";
import { parseAwsCredentials, type AwsCredentials } from "./credentials.ts";

/** A BackupStorageLocation made usable: its bucket, opened, and where things are in it. */
export type Location = {
  readonly name: string;
  readonly bucket: Bucket;
  /** Tells two locations with the same bucket from others; also what uploads are announced under. */
  readonly bucketUrl: string;
  readonly publicUrl: string | undefined;
  readonly isReadOnly: boolean;
  readonly credentials: AwsCredentials;
  readonly region: string;
  readonly caPem: string | undefined;
  readonly insecure: boolean;
  /** The key of something in a backup's folder. */
  backupKey(backup: string, file: string): string;
  backupFolder(): string;
  restoreKey(restore: string, file: string): string;
  /** The restic repository of a namespace's volumes. */
  repository(namespace: string): string;
};

async function readCredentials(
  { cluster, namespace }: VeleroContext,
  location: BackupStorageLocation,
): Promise<AwsCredentials> {
  const { credential, config } = location.spec;
  const name = credential?.name ?? "cloud-credentials";
  const key = credential?.key ?? "cloud";
  const secret = await cluster.find(Secret, { name, namespace });
  if (secret === undefined) {
    throw new Error(
      `The Secret ${namespace}/${name} with the bucket's credentials does not exist.`,
    );
  }
  const encoded = secret.data?.[key];
  if (encoded === undefined) {
    throw new Error(`The Secret ${namespace}/${name} has no key "${key}".`);
  }
  return parseAwsCredentials(Buffer.from(encoded, "base64").toString("utf8"), config?.["profile"]);
}

function checkProvider(location: BackupStorageLocation): void {
  const provider = location.spec.provider.replace(/^velero\.io\//, "");
  if (provider === "aws") return;
  throw new Error(
    `The provider "${provider}" is not served by this Velero. Use "aws", which any S3 server speaks.`,
  );
}

function bucketEndpoint(location: BackupStorageLocation, region: string): string {
  const url = location.spec.config?.["s3Url"];
  return url === undefined || url === "" ? `https://s3.${region}.amazonaws.com` : url;
}

/** Opens the bucket behind a location; throws a sentence when its settings or credentials cannot be used. */
export async function openLocation(
  context: VeleroContext,
  location: BackupStorageLocation,
): Promise<Location> {
  checkProvider(location);
  const { objectStorage, config = {} } = location.spec;
  const credentials = await readCredentials(context, location);
  const region = config["region"] ?? "us-east-1";
  const endpoint = bucketEndpoint(location, region).replace(/\/$/, "");
  const caPem = objectStorage.caCert
    ? Buffer.from(objectStorage.caCert, "base64").toString("utf8")
    : undefined;
  const insecure = config["insecureSkipTLSVerify"] === "true";
  const pathStyle = config["s3ForcePathStyle"] === "true";
  const settings = { credentials, region, caPem, insecure };
  const bucket = new Bucket({ name: objectStorage.bucket, endpoint, pathStyle, ...settings });
  const prefix = objectStorage.prefix ? `${objectStorage.prefix.replace(/\/+$/, "")}/` : "";
  const bucketUrl = `${endpoint}/${objectStorage.bucket}/${prefix}`;
  return {
    name: location.metadata.name ?? "",
    bucket,
    bucketUrl,
    publicUrl: config["publicUrl"],
    isReadOnly: location.spec.accessMode === "ReadOnly",
    ...settings,
    backupKey: (backup, file) => `${prefix}backups/${backup}/${file}`,
    backupFolder: () => `${prefix}backups/`,
    restoreKey: (restore, file) => `${prefix}restores/${restore}/${file}`,
    repository: (namespace) => `s3:${bucketUrl}restic/${namespace}`,
  };
}

/** Opens a location by name. */
export async function openNamedLocation(context: VeleroContext, name: string): Promise<Location> {
  const { cluster, namespace } = context;
  const found = await cluster.find(BackupStorageLocation, { name, namespace });
  if (found === undefined) {
    throw new Error(`The BackupStorageLocation ${namespace}/${name} does not exist.`);
  }
  return openLocation(context, found);
}

/** Opens a location, hands it over, and closes it whatever happens. */
export async function withLocation<T>(
  context: VeleroContext,
  name: string,
  use: (location: Location) => Promise<T>,
): Promise<T> {
  const location = await openNamedLocation(context, name);
  try {
    return await use(location);
  } finally {
    location.bucket.close();
  }
}

/** A short name for files that belong to one location. */
export function locationId(location: Location): string {
  return createHash("sha256").update(location.bucketUrl).digest("hex").slice(0, 16);
}
