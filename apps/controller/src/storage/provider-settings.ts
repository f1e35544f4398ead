import type { MigStorage, Secret } from "@drover/crds";

type BackupConfig = MigStorage["spec"]["backupStorageConfig"];
type SnapshotConfig = NonNullable<MigStorage["spec"]["volumeSnapshotConfig"]>;

export const providers = ["aws", "gcp", "azure"] as const;
export type Provider = (typeof providers)[number];

export function isProvider(name: string | undefined): name is Provider {
  return providers.some((provider) => provider === name);
}

/** The keys each provider's Secret has to hold. */
const SECRET_KEYS: Readonly<Record<Provider, readonly string[]>> = {
  aws: ["aws-access-key-id", "aws-secret-access-key"],
  gcp: ["gcp-credentials"],
  azure: ["azure-credentials"],
};

const AZURE_ENTRIES = [
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "AZURE_CLIENT_SECRET",
  "AZURE_SUBSCRIPTION_ID",
];

/** Upstream's name of a wrong setting, with the sentence that says what would be right. */
export type WrongSetting = { readonly item: string; readonly advice: string };

/** The settings of a backup store that are missing or malformed. */
export function wrongBackupSettings(
  provider: Provider,
  config: BackupConfig,
  secret: Secret,
): WrongSetting[] {
  const wrong = wrongSecret(provider, secret);
  if (provider === "aws") wrong.push(...wrongAws(config));
  if (provider === "gcp" && !config.gcpBucket) wrong.push(missing("Bucket", "gcpBucket"));
  if (provider === "azure") wrong.push(...wrongAzure(config));
  return wrong;
}

/** The settings of a snapshot store that are missing or malformed. */
export function wrongSnapshotSettings(
  provider: Provider,
  config: SnapshotConfig,
  secret: Secret,
): WrongSetting[] {
  const wrong = wrongSecret(provider, secret);
  const timeout = config.snapshotCreationTimeout;
  if (timeout && !isGoDuration(timeout)) {
    const advice = "snapshotCreationTimeout has to be a duration such as 10m or 1h30m.";
    wrong.push({ item: "SnapshotCreationTimeout", advice });
  }
  if (provider !== "azure") return wrong;
  if (!config.azureResourceGroup) wrong.push(missing("ResourceGroup", "azureResourceGroup"));
  if (!config.azureApiTimeout) wrong.push(missing("APITimeout", "azureApiTimeout"));
  return wrong;
}

function wrongAws(config: BackupConfig): WrongSetting[] {
  const wrong: WrongSetting[] = [];
  if (!config.awsBucketName) wrong.push(missing("Bucket", "awsBucketName"));
  if (!["", "1", "4"].includes(config.awsSignatureVersion ?? "")) {
    const advice = "awsSignatureVersion has to be 1, 4 or empty.";
    wrong.push({ item: "SignatureVersion", advice });
  }
  if (!isHttpUrl(config.awsS3Url)) wrong.push(notHttp("S3URL", "awsS3Url"));
  if (!isHttpUrl(config.awsPublicUrl)) wrong.push(notHttp("PublicURL", "awsPublicUrl"));
  return wrong;
}

function wrongAzure(config: BackupConfig): WrongSetting[] {
  const wrong: WrongSetting[] = [];
  if (!config.azureResourceGroup) wrong.push(missing("ResourceGroup", "azureResourceGroup"));
  if (!config.azureStorageAccount) wrong.push(missing("StorageAccount", "azureStorageAccount"));
  if (!config.azureStorageContainer)
    wrong.push(missing("StorageContainer", "azureStorageContainer"));
  return wrong;
}

function wrongSecret(provider: Provider, secret: Secret): WrongSetting[] {
  const place = `Secret ${secret.metadata.name} in namespace ${secret.metadata.namespace}`;
  const absent = SECRET_KEYS[provider].filter((key) => !secretValue(secret, key));
  if (absent.length > 0) {
    const advice = `${place} needs a value under ${absent.join(" and ")}.`;
    return [{ item: "Secret(content)", advice }];
  }
  if (provider !== "azure") return [];
  const entries = dotenvFrom(secretValue(secret, "azure-credentials"));
  return AZURE_ENTRIES.filter((entry) => !entries.get(entry)).map((item) => {
    return { item, advice: `${place} needs ${item} in azure-credentials.` };
  });
}

function missing(item: string, field: string): WrongSetting {
  return { item, advice: `${field} is not set.` };
}

function notHttp(item: string, field: string): WrongSetting {
  const advice = `${field} has to be an address such as https://s3.example.com.`;
  return { item, advice };
}

/** The decoded value of a Secret's key; empty when it is not there. */
export function secretValue(secret: Secret, key: string): string {
  return Buffer.from(secret.data?.[key] ?? "", "base64")
    .toString("utf8")
    .trim();
}

function dotenvFrom(text: string): Map<string, string> {
  const lines = text.split("\n").map((line) => line.trim().split("=", 2));
  return new Map(lines.map(([key = "", value = ""]) => [key.trim(), value.trim()]));
}

function isHttpUrl(url: string | undefined): boolean {
  if (!url) return true;
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}

function isGoDuration(text: string): boolean {
  return /^[+-]?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text) || text === "0";
}
