/** The API group and version of the migration resources. */
export const migrationGroup = { group: "migration.openshift.io", version: "v1alpha1" } as const;

/** Where the migration and Velero resources live, on every cluster; upstream hard-wires it. */
export const migrationNamespace = "openshift-migration";

/** Where the credentials of clusters and replication repositories live on the host cluster. */
export const configNamespace = "openshift-config";

/** The key of a cluster's token in the Secret that `spec.serviceAccountSecretRef` names. */
export const tokenSecretKey = "saToken";

/** The keys of a replication repository's Secret, by provider. */
export const storageSecretKeys = {
  aws: ["aws-access-key-id", "aws-secret-access-key"],
  gcp: ["gcp-credentials"],
  azure: ["azure-credentials"],
} as const;
