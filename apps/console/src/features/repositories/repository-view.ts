import type { MigPlan, MigStorage } from "@drover/crds";
import { readinessFrom, type Readiness } from "../../shared/readiness.ts";

/** A replication repository as its list row shows it. */
export type RepositoryView = {
  readonly name: string;
  readonly bucket: string;
  /** Where the object store is; the provider's own name when it has no address of its own. */
  readonly location: string;
  readonly planCount: number;
  readonly readiness: Readiness;
  readonly removeRefused: string | undefined;
};

const providerNames: Readonly<Record<string, string>> = {
  aws: "AWS S3",
  gcp: "Google Cloud Storage",
  azure: "Azure Blob Storage",
};

const bucketOf = ({ spec: { backupStorageConfig: config } }: MigStorage) =>
  config.awsBucketName ?? config.gcpBucket ?? config.azureStorageAccount ?? "–";

const locationOf = ({
  spec: { backupStorageProvider: provider, backupStorageConfig },
}: MigStorage) => backupStorageConfig.awsS3Url ?? providerNames[provider] ?? provider;

export function repositoryView(storage: MigStorage, plans: readonly MigPlan[]): RepositoryView {
  const name = storage.metadata.name ?? "";
  const planCount = plans.filter((plan) => plan.spec.migStorageRef?.name === name).length;
  return {
    name,
    bucket: bucketOf(storage),
    location: locationOf(storage),
    planCount,
    readiness: readinessFrom(storage.status?.conditions),
    removeRefused:
      planCount > 0
        ? "Migration plans use this repository. Delete the plans, or give them another repository, first."
        : undefined,
  };
}
