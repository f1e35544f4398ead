import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";
import type { ClusterPool } from "./cluster-pool.ts";
import { ControllerLoop } from "./controller-loop.ts";
import type { Metrics } from "./metrics.ts";
import type { Reconciler } from "./reconciler.ts";
import { SharedStores } from "./shared-stores.ts";

export type ControllerOptions = {
  readonly host: Cluster;
  readonly namespace: string;
  readonly clusters: ClusterPool;
  readonly reconcilers: readonly Reconciler[];
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Aborted when nothing may be done any more, as when the lease is lost. */
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
  readonly resyncMs?: number;
};

export type RunningController = {
  /** Takes no further work and resolves once the passes under way are over. */
  stop(): Promise<void>;
};

const WATCH_AGE = {
  name: "drover_watch_age_seconds",
  help: "Time since the server behind a watch was last heard.",
};

/** Starts every reconciler. Resolves when each has its first list. */
export async function startController(options: ControllerOptions): Promise<RunningController> {
  const { clusters, metrics, log, signal } = options;
  const stopping = new AbortController();
  const stores = new SharedStores({ log });
  const loops = options.reconcilers.map(
    (reconciler) =>
      new ControllerLoop(reconciler, {
        ...options,
        stores,
        now: options.now ?? (() => new Date()),
        resyncMs: options.resyncMs ?? 10 * 60_000,
        signal: signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal,
      }),
  );
  const stopListening = clusters.onReplaced((replaced) => {
    for (const loop of loops) loop.onConnectionReplaced(replaced);
  });
  metrics.beforeScrape(() => {
    metrics.clear(WATCH_AGE);
    for (const { id, ageMs } of stores.ages()) {
      metrics.setGauge(WATCH_AGE, { watch: id }, ageMs / 1000);
    }
  });
  const stop = async () => {
    stopListening();
    stopping.abort();
    await Promise.all(loops.map((loop) => loop.stop()));
    stores.close();
  };
  try {
    await Promise.all(loops.map((loop) => loop.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
