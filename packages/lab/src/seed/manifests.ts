import type { KubeObject } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { labKind } from "../node/kinds/lab-kind.ts";
import { untilEstablished } from "../openshift/install-kinds.ts";

/** An object to seed: everything but what the server adds. */
export type Manifest = KubeObject & Record<string, unknown>;

const clusterScoped = new Set([
  "Namespace",
  "ClusterRole",
  "ClusterRoleBinding",
  "StorageClass",
  "PersistentVolume",
  "SecurityContextConstraints",
  "CustomResourceDefinition",
]);
const irregularPlurals: Readonly<Record<string, string>> = {
  NetworkPolicy: "networkpolicies",
  SecurityContextConstraints: "securitycontextconstraints",
  StorageClass: "storageclasses",
};

/** Applies objects one after the other, in this order, as the lab; a kind that is defined is waited for. */
export async function applyAll(cluster: Cluster, manifests: readonly Manifest[]): Promise<void> {
  for (const manifest of manifests) {
    await cluster.apply(kindOf(manifest), manifest, { fieldManager: "drover-lab" });
    const { name = "" } = manifest.metadata;
    if (manifest.kind === "CustomResourceDefinition") await untilEstablished(cluster, [name]);
  }
}

/** What a manifest says it is. */
export function partsOf({ apiVersion, kind }: Manifest): {
  group: string;
  version: string;
  kind: string;
} {
  const [group = "", version = ""] = apiVersion.includes("/")
    ? apiVersion.split("/", 2)
    : ["", apiVersion];
  return { group, version, kind };
}

/** The same object at another version of its group. */
export function atVersion(manifest: Manifest, version: string): Manifest {
  const { group } = partsOf(manifest);
  return { ...manifest, apiVersion: group === "" ? version : `${group}/${version}` };
}

function kindOf(manifest: Manifest) {
  const { group, version, kind } = partsOf(manifest);
  const plural = irregularPlurals[kind] ?? `${kind.toLowerCase()}s`;
  return labKind<Manifest>(group, kind, {
    version,
    plural,
    namespaced: !clusterScoped.has(kind),
  });
}

/** The head of a manifest. */
export function head(
  apiVersion: string,
  kind: string,
  [namespace, name]: [string, string],
): Manifest {
  return { apiVersion, kind, metadata: namespace === "" ? { name } : { name, namespace } };
}
