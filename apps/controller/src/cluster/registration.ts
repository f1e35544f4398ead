import { MigCluster, Secret, isRefSet } from "@drover/crds";
import type { Cluster, ClusterConnection } from "@drover/kube";
import { ClusterNotUsable } from "../runtime/cluster-pool.ts";
import type { ReadRegistration } from "../runtime/cluster-pool.ts";

/** Reads how to reach a cluster from its MigCluster and the Secret that it names. */
export function registrationReader(host: Cluster): ReadRegistration {
  return async (ref) => {
    const migCluster = await host.find(MigCluster, ref);
    if (!migCluster) {
      const message = `There is no MigCluster ${ref.name} in ${ref.namespace}.`;
      throw new ClusterNotUsable("NotFound", message);
    }
    if (migCluster.spec.isHostCluster) return { own: true };
    return {
      own: false,
      connection: remoteConnection(migCluster, await readToken(host, migCluster)),
    };
  };
}

/** How to reach a remote cluster with this token. */
export function remoteConnection({ spec, metadata }: MigCluster, token: string): ClusterConnection {
  if (!spec.url) {
    throw new ClusterNotUsable("NotSet", `MigCluster ${metadata.name} has no spec.url.`);
  }
  const caPem = caPemFrom(spec.caBundle);
  return {
    url: spec.url,
    token,
    ...(spec.insecure ? { insecure: true } : {}),
    ...(caPem === undefined || spec.insecure ? {} : { caPem }),
  };
}

/** The PEM text of a base64 bundle; undefined when there is none. */
export function caPemFrom(caBundle: string | undefined): string | undefined {
  return caBundle ? Buffer.from(caBundle, "base64").toString("utf8") : undefined;
}

async function readToken(host: Cluster, { spec, metadata }: MigCluster): Promise<string> {
  const ref = spec.serviceAccountSecretRef;
  const secret = isRefSet(ref) ? await host.find(Secret, secretKey(ref)) : undefined;
  const token = tokenOf(secret);
  if (token) return token;
  const message = `MigCluster ${metadata.name} has no service account token; see its conditions.`;
  throw new ClusterNotUsable("NotFound", message);
}

export function secretKey({ namespace, name }: { namespace: string; name: string }) {
  return { namespace, name };
}

/** Undefined without the key, empty when its value is. */
export function tokenOf(secret: Secret | undefined): string | undefined {
  const encoded = secret?.data?.["saToken"];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8").trim();
}
