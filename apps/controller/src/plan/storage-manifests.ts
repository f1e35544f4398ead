import {
  apiVersionOf,
  BackupStorageLocation,
  VolumeSnapshotLocation,
  correlationLabels,
  cutName,
} from "@drover/crds";
import type { MigPlan, MigStorage, Secret } from "@drover/crds";

export type StorageManifests = {
  readonly secret: Secret;
  readonly backupLocation: BackupStorageLocation;
  readonly snapshotLocation: VolumeSnapshotLocation;
};

export type StorageParts = {
  readonly plan: MigPlan;
  readonly storage: MigStorage;
  /** The Secret that the MigStorage names. */
  readonly credentials: Secret;
  readonly snapshotCredentials: Secret;
  /** Of the cluster that the objects are for. */
  readonly azureResourceGroup: string | undefined;
  readonly namespace: string;
};

type Values = Record<string, string>;

/** What a plan's clusters need to reach its repository. Names and labels tell the plan, so plans never share. */
export function storageManifests(parts: StorageParts): StorageManifests {
  const { plan, storage, namespace } = parts;
  const name = storageName(plan, storage);
  const labels = correlationLabels(plan);
  const metadata = { name, namespace, labels };
  const { spec } = storage;
  const provider = spec.backupStorageProvider;
  const snapshotProvider = spec.volumeSnapshotProvider || provider;
  return {
    secret: {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "Opaque",
      data: cloudSecretData(parts, snapshotProvider),
    },
    backupLocation: {
      apiVersion: apiVersionOf(BackupStorageLocation),
      kind: "BackupStorageLocation",
      metadata,
      spec: {
        provider,
        objectStorage: objectStorage(storage),
        config: backupConfig(storage),
        credential: { name, key: "cloud" },
      },
    },
    snapshotLocation: {
      apiVersion: apiVersionOf(VolumeSnapshotLocation),
      kind: "VolumeSnapshotLocation",
      metadata,
      spec: {
        provider: snapshotProvider,
        config: snapshotConfig(storage, snapshotProvider),
        credential: { name, key: "snapshots" },
      },
    },
  };
}

/** The name of a plan's storage objects, the same on both clusters: Velero finds a backup's location by it. */
function storageName({ metadata }: MigPlan, storage: MigStorage): string {
  const uid = metadata.uid ?? "";
  // Velero writes the name into a label, which holds at most 63 characters.
  return `${cutName(storage.metadata.name ?? "", 62 - uid.length)}-${uid}`;
}

function objectStorage({ spec }: MigStorage): BackupStorageLocation["spec"]["objectStorage"] {
  const config = spec.backupStorageConfig;
  const buckets: Values = {
    aws: config.awsBucketName ?? "",
    gcp: config.gcpBucket ?? "",
    azure: config.azureStorageContainer ?? "",
  };
  const bucket = buckets[spec.backupStorageProvider] ?? "";
  const caCert = config.s3CustomCABundle;
  return { bucket, prefix: "velero", ...(caCert ? { caCert } : {}) };
}

function backupConfig({ spec }: MigStorage): Values {
  const config = spec.backupStorageConfig;
  if (spec.backupStorageProvider === "azure") {
    return {
      resourceGroup: config.azureResourceGroup ?? "",
      storageAccount: config.azureStorageAccount ?? "",
      storageAccountKeyEnvVar: "AZURE_STORAGE_ACCOUNT_ACCESS_KEY",
    };
  }
  if (spec.backupStorageProvider !== "aws") return {};
  const url = config.awsS3Url || config.awsPublicUrl;
  return {
    region: config.awsRegion || "us-east-1",
    s3ForcePathStyle: String(Boolean(url)),
    insecureSkipTLSVerify: String(config.insecure ?? false),
    ...given("s3Url", url),
    ...given("publicUrl", config.awsPublicUrl),
    ...given("kmsKeyId", config.awsKmsKeyId),
    ...given("signatureVersion", config.awsSignatureVersion),
  };
}

function snapshotConfig({ spec }: MigStorage, provider: string): Values {
  const config = spec.volumeSnapshotConfig ?? {};
  const timeout = given("snapshotCreationTimeout", config.snapshotCreationTimeout);
  if (provider === "azure") {
    const apiTimeout = given("apiTimeout", config.azureApiTimeout);
    return { ...given("resourceGroup", config.azureResourceGroup), ...apiTimeout, ...timeout };
  }
  if (provider !== "aws") return timeout;
  const region = config.awsRegion || spec.backupStorageConfig.awsRegion || "us-east-1";
  return { region, ...timeout };
}

function cloudSecretData(parts: StorageParts, snapshotProvider: string): Values {
  const { storage, credentials, snapshotCredentials } = parts;
  const { backupStorageProvider: provider, backupStorageConfig: config } = storage.spec;
  const caBundle = config.s3CustomCABundle;
  return {
    cloud: encoded(cloudFile(provider, credentials, parts)),
    snapshots: encoded(cloudFile(snapshotProvider, snapshotCredentials, parts)),
    ...(provider === "aws" && caBundle ? { "ca_bundle.pem": caBundle } : {}),
  };
}

/** The credentials file that Velero's plugin of the provider reads. */
function cloudFile(provider: string, secret: Secret, { azureResourceGroup }: StorageParts): string {
  const value = (key: string) => Buffer.from(secret.data?.[key] ?? "", "base64").toString("utf8");
  if (provider === "gcp") return value("gcp-credentials");
  if (provider === "azure") {
    const group = azureResourceGroup ? `\nAZURE_RESOURCE_GROUP=${azureResourceGroup}` : "";
    return `${value("azure-credentials").trimEnd()}${group}\n`;
  }
  const lines = [
    "[default]",
    `aws_access_key_id=${value("aws-access-key-id").trim()}`,
    `aws_secret_access_key=${value("aws-secret-access-key").trim()}`,
  ];
  return `${lines.join("\n")}\n`;
}

function given(key: string, value: string | undefined): Values {
  return value ? { [key]: value } : {};
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Selects everything that belongs to the plan. */
export function planSelector(plan: MigPlan): string {
  const labels = correlationLabels(plan);
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
