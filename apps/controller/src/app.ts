import { connect, connectionFromKubeconfig, inClusterConnection } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { ensureHostCluster } from "./cluster/ensure-host-cluster.ts";
import { migClusterReconciler } from "./cluster/reconciler.ts";
import { registrationReader } from "./cluster/registration.ts";
import type { Config } from "./config.ts";
import { startHealthServer } from "./health-server.ts";
import type { HealthServer, Readiness } from "./health-server.ts";
import { migHookReconciler } from "./hook/reconciler.ts";
import { migrationReconcilers } from "./migration/reconcilers.ts";
import { ClusterPool } from "./runtime/cluster-pool.ts";
import { startController } from "./runtime/controller.ts";
import type { ReconcilerDeps } from "./runtime/deps.ts";
import { electLeader } from "./runtime/leader-election.ts";
import { meteredCluster } from "./runtime/metered-cluster.ts";
import { Metrics } from "./runtime/metrics.ts";
import { processIdentity } from "./runtime/process-identity.ts";
import type { Reconciler } from "./runtime/reconciler.ts";
import { migrationControllerReconciler } from "./settings/reconciler.ts";
import { migStorageReconciler } from "./storage/reconciler.ts";
import { migPlanReconciler } from "./plan/reconciler.ts";
import { volumeMigrationReconcilers } from "./volume-migration/reconcilers.ts";

const LEASE = "drover-controller";

export type App = {
  readonly healthPort: number;
  /** Resolves once every reconciler runs; rejects when that cannot be. */
  readonly leading: Promise<void>;
  /** Resolves when the lease was lost: the process has to end, as another controller may lead. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
};

type Parts = { readonly config: Config; readonly log: Logger };

/** Everything there is to carry out. */
export function reconcilers(deps: ReconcilerDeps): Reconciler[] {
  return [
    migClusterReconciler(deps),
    migStorageReconciler(deps),
    migHookReconciler(),
    migrationControllerReconciler(deps),
    migPlanReconciler(deps),
    ...migrationReconcilers(deps),
    ...volumeMigrationReconcilers(deps),
  ];
}

/** Puts the controller together. It leads as soon as no other does. */
export async function startApp({ config, log }: Parts): Promise<App> {
  const metrics = new Metrics();
  const host = meteredCluster(await connectHost(config), "host", metrics);
  const clusters = new ClusterPool({
    host,
    readRegistration: registrationReader(host),
    connect: (connection, name) => meteredCluster(connect(connection), name, metrics),
  });
  const deps: ReconcilerDeps = { host, namespace: config.namespace, clusters, metrics, log };
  let readiness: Readiness = "starting";
  const health = await startHealthServer({
    host: config.healthHost,
    port: config.healthPort,
    metrics,
    readiness: () => readiness,
  });
  const stopping = new AbortController();
  const lost = Promise.withResolvers<void>();
  readiness = "standby";
  const leading = lead(deps, stopping.signal).then((stopLeading) => {
    readiness = "leading";
    stopLeading.lost.addEventListener("abort", () => lost.resolve(), { once: true });
    return stopLeading;
  });
  const stop = async () => {
    readiness = "stopping";
    stopping.abort();
    const [led] = await Promise.allSettled([leading]);
    if (led.status === "fulfilled") await led.value.stop();
    await closeAll(health, clusters, host);
  };
  return {
    healthPort: health.port,
    leading: leading.then(() => undefined),
    lost: lost.promise,
    stop,
  };
}

type Leading = { readonly lost: AbortSignal; stop(): Promise<void> };

async function lead(deps: ReconcilerDeps, signal: AbortSignal): Promise<Leading> {
  const { host, namespace, log } = deps;
  const lease = { namespace, name: LEASE };
  const identity = processIdentity();
  const leadership = await electLeader({ host, lease, identity, log }, signal);
  try {
    await ensureHostCluster(deps);
    const controller = await startController({
      ...deps,
      reconcilers: reconcilers(deps),
      signal: AbortSignal.any([leadership.lost, signal]),
    });
    const stop = async () => {
      await controller.stop();
      await leadership.release();
    };
    return { lost: leadership.lost, stop };
  } catch (error) {
    await leadership.release();
    throw error;
  }
}

async function closeAll(health: HealthServer, clusters: ClusterPool, host: Cluster): Promise<void> {
  await health.close();
  await clusters.close();
  await host.close();
}

async function connectHost({ kubeconfigPath, inCluster }: Config): Promise<Cluster> {
  if (kubeconfigPath === undefined) {
    const connection = inClusterConnection(inCluster);
    if (connection) return connect(connection);
    throw new Error("No cluster is named: set DROVER_KUBECONFIG, or run the controller in a pod.");
  }
  const text = await readFile(kubeconfigPath, "utf8");
  return connect(connectionFromKubeconfig(text, { directory: dirname(kubeconfigPath) }));
}
