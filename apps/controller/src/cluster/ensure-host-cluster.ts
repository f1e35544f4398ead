import { MigCluster } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";

type Place = { readonly host: Cluster; readonly namespace: string; readonly log: Logger };

/** Registers the cluster that the controller runs on, unless some MigCluster already stands for it. */
export async function ensureHostCluster({ host, namespace, log }: Place): Promise<void> {
  const registered = await host.list(MigCluster, { namespace });
  if (registered.some(({ spec }) => spec.isHostCluster)) return;
  const migCluster: MigCluster = {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigCluster",
    metadata: { name: "host", namespace },
    spec: { isHostCluster: true },
  };
  try {
    await host.create(MigCluster, migCluster);
    log.info("registered the host cluster as MigCluster host");
  } catch (error) {
    if (!(error instanceof KubeError) || !error.isAlreadyExists) throw error;
    log.warn("MigCluster host exists but does not say isHostCluster; leaving it as it is");
  }
}
