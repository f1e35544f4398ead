import { Namespace } from "@drover/crds";
import { KubeError, liveStore, type Cluster } from "@drover/kube";
import type { RawObject } from "../raw-object.ts";
import { waitUntil } from "../wait-until.ts";

const terminatingTimeoutMs = 10 * 60_000;

/** Waits for a namespace of that name to be gone, when one is on its way out. */
async function waitForRemoval(cluster: Cluster, name: string, signal: AbortSignal): Promise<void> {
  const existing = await cluster.find(Namespace, { name });
  if (existing?.metadata.deletionTimestamp === undefined) return;
  const store = liveStore(cluster, Namespace, { fieldSelector: `metadata.name=${name}` });
  try {
    await store.ready;
    const isGone = (): boolean => store.get({ name })?.metadata.deletionTimestamp === undefined;
    if (!(await waitUntil(store, isGone, { timeoutMs: terminatingTimeoutMs, signal }))) {
      throw new Error(
        `The namespace "${name}" is still being deleted after 10 minutes. Look at its finalizers and at what is left in it.`,
      );
    }
  } finally {
    store.close();
  }
}

/** Makes sure a namespace can be restored into. A new one gets labels and annotations of the backed-up one. */
export async function ensureNamespace(
  cluster: Cluster,
  { name, backedUp }: { readonly name: string; readonly backedUp: RawObject | undefined },
  signal: AbortSignal,
): Promise<void> {
  await waitForRemoval(cluster, name, signal);
  const { labels = {}, annotations = {} } = backedUp?.metadata ?? {};
  const { "kubernetes.io/metadata.name": _name, ...ownLabels } = labels;
  try {
    await cluster.create(Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: ownLabels, annotations },
    });
  } catch (error) {
    if (!(error instanceof KubeError && error.isAlreadyExists)) throw error;
  }
}
