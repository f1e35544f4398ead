import type { CreateCluster } from "@drover/contract";
import { MigCluster, Secret, apiVersionOf, tokenSecretKey } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import { createWithSecret } from "../host/create-with-secret.ts";
import type { ClusterDeps } from "./cluster-deps.ts";
import { parseClusterUrl } from "./cluster-address.ts";

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** The host of a registry route; people paste it with a scheme. */
export function registryHost(text: string | undefined): string | undefined {
  const host = text
    ?.trim()
    .replace(/^https?:\/\//, "")
    .replace(/\/+$/, "");
  return host === "" ? undefined : host;
}

/** Registers a cluster: the Secret with its token and the MigCluster, or neither. */
export async function createCluster(
  { config }: Pick<ClusterDeps, "config">,
  actor: Actor,
  form: CreateCluster,
): Promise<MigCluster> {
  const { name, azureResourceGroup, caBundle } = form;
  parseClusterUrl(form.url);
  const { namespace, configNamespace } = config;
  if ((await actor.cluster.find(MigCluster, { namespace, name })) !== undefined)
    throw new AppError(
      "CONFLICT",
      `There already is a cluster named ${name}. Choose another name.`,
      {
        errors: [{ field: "name", message: "This name is taken." }],
      },
    );
  const exposedRegistryPath = registryHost(form.exposedRegistryPath);
  return createWithSecret(actor.cluster, {
    namePrefix: name,
    ref: { namespace, name },
    secret: {
      apiVersion: apiVersionOf(Secret),
      kind: Secret.kind,
      metadata: {
        namespace: configNamespace,
        labels: { createdForResourceType: MigCluster.plural, createdForResource: name },
      },
      type: "Opaque",
      data: { [tokenSecretKey]: base64(form.token.trim()) },
    },
    kind: MigCluster,
    objectFor: (secretRef) => ({
      apiVersion: apiVersionOf(MigCluster),
      kind: MigCluster.kind,
      metadata: { name, namespace },
      spec: {
        isHostCluster: false,
        url: form.url.trim(),
        serviceAccountSecretRef: secretRef,
        insecure: form.insecure,
        ...(azureResourceGroup === undefined ? {} : { azureResourceGroup }),
        ...(caBundle === undefined ? {} : { caBundle: base64(caBundle) }),
        ...(exposedRegistryPath === undefined ? {} : { exposedRegistryPath }),
      },
    }),
  });
}
