import { conditionsOf, hasCondition } from "../conditions.ts";
import { Annotation } from "../migration/label.ts";
import type { MigCluster } from "../migration/mig-cluster.ts";
import type { MigStorage } from "../migration/mig-storage.ts";

/** How a cluster or a replication repository stands. */
export type ConnectionStatus = {
  readonly state: "checking" | "connected" | "failed";
  readonly text: "Checking connection" | "Connected" | "Connection failed";
  /** What is wrong, Critical first. */
  readonly problems: readonly { readonly type: string; readonly message: string }[];
  readonly warnings: readonly { readonly type: string; readonly message: string }[];
};

/** How the connection to a cluster stands. */
export function clusterStatus(cluster: MigCluster): ConnectionStatus {
  return connectionStatus(cluster);
}

/** How the connection to a replication repository stands. */
export function storageStatus(storage: MigStorage): ConnectionStatus {
  return connectionStatus(storage);
}

function connectionStatus(object: MigCluster | MigStorage): ConnectionStatus {
  const conditions = object.status?.conditions;
  const problems = conditionsOf(conditions, "Critical", "Error").map(named);
  const warnings = conditionsOf(conditions, "Warn").map(named);
  if (hasCondition(conditions, "Ready")) {
    return { state: "connected", text: "Connected", problems, warnings };
  }
  const isChecking = problems.length === 0;
  return isChecking
    ? { state: "checking", text: "Checking connection", problems, warnings }
    : { state: "failed", text: "Connection failed", problems, warnings };
}

function named(condition: { readonly type: string; readonly message?: string | undefined }): {
  readonly type: string;
  readonly message: string;
} {
  return { type: condition.type, message: condition.message || condition.type };
}

/** The provider as the form names it: S3 at AWS, S3 elsewhere, Google or Azure. */
export type StorageProvider = "aws-s3" | "generic-s3" | "gcp" | "azure";

/** Which form a replication repository was made with; undefined for a provider nobody knows. */
export function storageProviderOf(storage: MigStorage): StorageProvider | undefined {
  const { backupStorageProvider, backupStorageConfig } = storage.spec;
  if (backupStorageProvider === "gcp") return "gcp";
  if (backupStorageProvider === "azure") return "azure";
  if (backupStorageProvider !== "aws") return undefined;
  const mark = storage.metadata.annotations?.[Annotation.storageIsAwsS3];
  const isAws = mark === "true" || (mark !== "false" && !backupStorageConfig.awsS3Url);
  return isAws ? "aws-s3" : "generic-s3";
}
