import { setTimeout as sleep } from "node:timers/promises";
import { crdManifest, CustomResourceDefinition, openshiftKinds } from "@drover/crds";
import type { KindTraits, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";

type CustomKind = ResourceKind & Partial<KindTraits>;

function isEstablished(definition: CustomResourceDefinition | undefined): boolean {
  const conditions = definition?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}

/** Makes the API server serve these kinds, and settles when it does. */
export async function installKinds(cluster: Cluster, kinds: readonly CustomKind[]): Promise<void> {
  const manifests = kinds.map((kind) => crdManifest(kind));
  for (const manifest of manifests) {
    await cluster.apply(CustomResourceDefinition, manifest, { fieldManager: "drover-lab" });
  }
  const names = manifests.map(({ metadata }) => metadata.name ?? "");
  await untilEstablished(cluster, names);
}

/** Settles when the API server serves what these definitions define. */
export async function untilEstablished(cluster: Cluster, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (const name of names) {
    const ref = { name };
    while (!isEstablished(await cluster.find(CustomResourceDefinition, ref))) {
      if (Date.now() > deadline) {
        throw new Error(
          `${cluster.url} did not establish the CustomResourceDefinition ${ref.name}.`,
        );
      }
      await sleep(20);
    }
  }
}

/** The kinds that OpenShift adds to Kubernetes and a migration meets. */
export function installOpenshiftKinds(cluster: Cluster): Promise<void> {
  return installKinds(cluster, openshiftKinds);
}
