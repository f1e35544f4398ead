import { pino } from "pino";
import { registrationReader } from "../cluster/registration.ts";
import { ClusterPool } from "../runtime/cluster-pool.ts";
import { startController } from "../runtime/controller.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { Metrics } from "../runtime/metrics.ts";
import type { Reconciler } from "../runtime/reconciler.ts";
import { NAMESPACE } from "./test-cluster.ts";
import type { TestCluster } from "./test-cluster.ts";

export type RunningReconcilers = { readonly metrics: Metrics; stop(): Promise<void> };

/** Runs reconcilers against a test's host cluster, as the app does, without an election. */
export async function runReconcilers(
  { cluster: host }: TestCluster,
  build: (deps: ReconcilerDeps) => readonly Reconciler[],
): Promise<RunningReconcilers> {
  const metrics = new Metrics();
  const log = pino({ level: "silent" });
  const clusters = new ClusterPool({ host, readRegistration: registrationReader(host) });
  const deps = { host, namespace: NAMESPACE, clusters, metrics, log };
  const controller = await startController({ ...deps, reconcilers: build(deps) });
  return {
    metrics,
    stop: async () => {
      await controller.stop();
      await clusters.close();
    },
  };
}
