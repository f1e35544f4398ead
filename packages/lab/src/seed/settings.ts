import type { Manifest } from "./manifests.ts";
import { head } from "./manifests.ts";
import { configNamespace, migrationNamespace } from "./identities.ts";

const labels = { "control-plane": "controller-manager", "controller-tools.k8s.io": "1.0" };
const transferImage = "quay.io/drover/transfer:latest";

/** What a migration controller reads about the cluster it works on. */
export function clusterSettings(clusterName: string): Manifest {
  return {
    ...head("v1", "ConfigMap", [migrationNamespace, "migration-cluster-config"]),
    metadata: { name: "migration-cluster-config", namespace: migrationNamespace, labels },
    data: {
      STAGE_IMAGE: transferImage,
      RSYNC_TRANSFER_IMAGE: transferImage,
      REGISTRY_IMAGE: "quay.io/drover/registry:latest",
      RSYNC_PRIVILEGED: "false",
      RSYNC_SUPER_PRIVILEGED: "false",
      CLUSTER_SUBDOMAIN: `apps.${clusterName}.lab.drover.dev`,
      OPERATOR_VERSION: "1.8.4",
      RSYNC_ENDPOINT_TYPE: "NodePort",
    },
  };
}

/** What a migration controller reads about itself, on the host cluster. */
export function controllerSettings(): Manifest {
  return {
    ...head("v1", "ConfigMap", [migrationNamespace, "migration-controller"]),
    metadata: { name: "migration-controller", namespace: migrationNamespace, labels },
    data: {
      PV_LIMIT: "100",
      POD_LIMIT: "100",
      NAMESPACE_LIMIT: "10",
      ENABLE_INTELLIGENT_PV_RESIZE: "false",
      ENABLE_DVM_PV_RESIZING: "false",
      DISABLE_IMAGE_COPY: "false",
      ENABLE_CACHED_CLIENT: "true",
    },
  };
}

export type Registration = { readonly url: string; readonly caPem: string; readonly token: string };

/** The host cluster as it registers itself, and another cluster with the token that opens it. */
export function hostRegistration(): Manifest {
  return {
    ...head("migration.openshift.io/v1alpha1", "MigCluster", [migrationNamespace, "host"]),
    spec: { isHostCluster: true },
  };
}

export function clusterRegistration(name: string, { url, caPem, token }: Registration): Manifest[] {
  const secretName = `${name}-cluster-token`;
  return [
    {
      ...head("v1", "Secret", [configNamespace, secretName]),
      type: "Opaque",
      data: { saToken: Buffer.from(token).toString("base64") },
    },
    {
      ...head("migration.openshift.io/v1alpha1", "MigCluster", [migrationNamespace, name]),
      spec: {
        isHostCluster: false,
        url,
        caBundle: Buffer.from(caPem).toString("base64"),
        insecure: false,
        serviceAccountSecretRef: { name: secretName, namespace: configNamespace },
      },
    },
  ];
}
