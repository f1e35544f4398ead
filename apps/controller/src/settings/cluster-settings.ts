import type { Cluster } from "@drover/kube";
import { readConfigMapValues } from "./config-map-values.ts";
import type { ConfigMapValues } from "./config-map-values.ts";

export const endpointTypes = ["Route", "NodePort", "LoadBalancer", "ClusterIP"] as const;
export type EndpointType = (typeof endpointTypes)[number];

/** What each cluster says about itself in its ConfigMap `migration-cluster-config`. */
export type ClusterSettings = {
  readonly stageImage: string;
  readonly registryImage: string | undefined;
  readonly transferImage: string;
  readonly rsyncPrivileged: boolean;
  readonly rsyncSuperPrivileged: boolean;
  readonly clusterSubdomain: string | undefined;
  readonly operatorVersion: string | undefined;
  readonly registryReadinessTimeoutSeconds: number;
  readonly registryLivenessTimeoutSeconds: number;
  readonly registryValidationPath: string;
  readonly endpointType: EndpointType;
  /** Entries that could not be read, as clauses. */
  readonly problems: readonly string[];
};

export const CLUSTER_CONFIG_MAP = "migration-cluster-config";

const TRANSFER_IMAGE = "quay.io/drover/transfer";

export async function readClusterSettings(
  cluster: Cluster,
  namespace: string,
): Promise<ClusterSettings> {
  return clusterSettingsFrom(
    await readConfigMapValues(cluster, { namespace, name: CLUSTER_CONFIG_MAP }),
  );
}

export function clusterSettingsFrom(values: ConfigMapValues): ClusterSettings {
  const transferImage = values.string("RSYNC_TRANSFER_IMAGE") ?? TRANSFER_IMAGE;
  return {
    stageImage: values.string("STAGE_IMAGE") ?? transferImage,
    registryImage: values.string("REGISTRY_IMAGE"),
    transferImage,
    rsyncPrivileged: values.boolean("RSYNC_PRIVILEGED") ?? false,
    rsyncSuperPrivileged: values.boolean("RSYNC_SUPER_PRIVILEGED") ?? false,
    clusterSubdomain: values.string("CLUSTER_SUBDOMAIN"),
    operatorVersion: values.string("OPERATOR_VERSION"),
    registryReadinessTimeoutSeconds: values.integer("REGISTRY_READINESS_TIMEOUT", 1) ?? 300,
    registryLivenessTimeoutSeconds: values.integer("REGISTRY_LIVENESS_TIMEOUT", 1) ?? 300,
    registryValidationPath: values.string("REGISTRY_VALIDATION_SUBPATH") ?? "/v2/_catalog?n=5",
    endpointType: values.oneOf("RSYNC_ENDPOINT_TYPE", endpointTypes) ?? "Route",
    problems: values.problems,
  };
}
