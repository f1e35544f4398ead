import type { UpdateCluster } from "@drover/contract";
import { MigCluster, isRefSet, tokenSecretKey } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import { withChangedSecret } from "../host/create-with-secret.ts";
import type { ClusterDeps } from "./cluster-deps.ts";
import { parseClusterUrl } from "./cluster-address.ts";
import { registryHost } from "./create-cluster.ts";

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** Changes a registered cluster; what the form leaves out is removed, except for the token. */
export async function updateCluster(
  { config }: Pick<ClusterDeps, "config">,
  actor: Actor,
  change: { readonly name: string; readonly form: UpdateCluster },
): Promise<MigCluster> {
  const { name, form } = change;
  const ref = { namespace: config.namespace, name };
  parseClusterUrl(form.url);
  const current = await actor.cluster.get(MigCluster, ref);
  if (current.spec.isHostCluster)
    throw new AppError(
      "CONFLICT",
      `${name} is the host cluster; it needs no address and no token.`,
    );
  const write = (): Promise<MigCluster> =>
    actor.cluster.patch(MigCluster, ref, {
      type: "merge",
      body: {
        metadata: { resourceVersion: current.metadata.resourceVersion },
        spec: {
          url: form.url.trim(),
          insecure: form.insecure,
          caBundle: form.caBundle === undefined ? null : base64(form.caBundle),
          exposedRegistryPath: registryHost(form.exposedRegistryPath) ?? null,
          azureResourceGroup: form.azureResourceGroup ?? null,
          refresh: true,
        },
      },
    });
  if (form.token === undefined) return write();
  const secretRef = current.spec.serviceAccountSecretRef;
  if (!isRefSet(secretRef))
    throw new AppError(
      "CONFLICT",
      `Cluster ${name} names no Secret for its token. Remove it and add it again.`,
    );
  const data = { [tokenSecretKey]: base64(form.token.trim()) };
  return withChangedSecret(actor.cluster, { ref: secretRef, data }, write);
}
