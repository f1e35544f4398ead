import type { KubeObject } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster, StoreChange } from "@drover/kube";
import type { Logger } from "pino";
import { digestOf } from "./digest.ts";
import { keyFrom, keyOf, toQueueKey } from "./key.ts";
import type { Metrics } from "./metrics.ts";
import type { Outcome } from "./outcome.ts";
import { isLostRace, messageOf, runPass } from "./pass.ts";
import type { OwnersOf, Reconciler, StandingWakes, WatchTarget } from "./reconciler.ts";
import type { SharedStores } from "./shared-stores.ts";
import { storeReady } from "./store-ready.ts";
import { Wakes } from "./wakes.ts";
import { WorkQueue } from "./work-queue.ts";

export type LoopContext = {
  readonly host: Cluster;
  readonly namespace: string;
  readonly stores: SharedStores;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Aborted when the controller stops or loses its lease; no pass begins after that. */
  readonly signal: AbortSignal;
  /** Every key is looked at again about this often, so that a missed event heals. */
  readonly resyncMs: number;
};

const PASSES = { name: "drover_reconcile_total", help: "Passes by kind and outcome." };
const SECONDS = { name: "drover_reconcile_seconds", help: "Duration of passes in seconds." };
const DEPTH = { name: "drover_queue_depth", help: "Keys that wait for a worker." };

/** Carries one kind: its watch, its queue and its workers. */
export class ControllerLoop {
  readonly #reconciler: Reconciler;
  readonly #context: LoopContext;
  readonly #log: Logger;
  readonly #queue = new WorkQueue();
  readonly #wakes: Wakes;
  readonly #releases: (() => void)[] = [];
  #workers: Promise<void>[] = [];
  #resync: NodeJS.Timeout | undefined;

  constructor(reconciler: Reconciler, context: LoopContext) {
    this.#reconciler = reconciler;
    this.#context = context;
    this.#log = context.log.child({ kind: reconciler.kind.kind });
    this.#wakes = new Wakes({
      stores: context.stores,
      signal: context.signal,
      wake: (queueKey) => this.#queue.add(queueKey),
    });
    context.metrics.beforeScrape(() => {
      context.metrics.setGauge(DEPTH, { kind: reconciler.kind.kind }, this.#queue.depth);
    });
  }

  /** Resolves once the first list of the kind is in and the workers run. */
  async start(): Promise<void> {
    const { host, namespace, stores } = this.#context;
    const lease = stores.acquire({ cluster: host, kind: this.#reconciler.kind, namespace });
    this.#context.metrics.beforeScrape(() => this.#reconciler.measure?.(lease.store.list()));
    this.#releases.push(
      lease.release,
      lease.store.subscribe((change) => this.#onOwnChange(change)),
    );
    await storeReady(lease.store, this.#context);
    await this.#reconciler.wakes?.(this.#standingWakes());
    const addAll = () => {
      for (const object of lease.store.list()) this.#queue.add(toQueueKey(keyOf(object)));
    };
    addAll();
    this.#scheduleResync(addAll);
    const count = this.#reconciler.workers ?? 1;
    this.#workers = Array.from({ length: count }, () => this.#work());
  }

  /** Wakes every key that watches over a connection which was replaced. */
  onConnectionReplaced(cluster: Cluster): void {
    this.#wakes.wakeHoldersOf(cluster);
  }

  /** Takes no further keys and resolves when the passes under way are over. */
  async stop(): Promise<void> {
    clearTimeout(this.#resync);
    this.#queue.close();
    for (const release of this.#releases.splice(0)) release();
    await Promise.all(this.#workers);
    this.#wakes.close();
  }

  #onOwnChange({ object, previous }: StoreChange<KubeObject>): void {
    // Our own status writes come back as events too; they are no news.
    if (previous && wishDigest(previous) === wishDigest(object)) return;
    this.#queue.add(toQueueKey(keyOf(object)));
  }

  #standingWakes(): StandingWakes {
    const { host, namespace } = this.#context;
    return {
      host,
      namespace,
      on: (target, owners) => this.#standOn(target, owners),
      wake: (key) => this.#queue.add(toQueueKey(key)),
    };
  }

  async #standOn<W extends KubeObject>(target: WatchTarget<W>, owners: OwnersOf<W>): Promise<void> {
    const lease = this.#context.stores.acquire(target);
    const matches = target.matches ?? (() => true);
    const wake = async ({ type, object, previous }: StoreChange<W>) => {
      if (!matches(object) && !(previous && matches(previous))) return;
      const before = type === "DELETED" ? undefined : previous;
      for (const key of await owners(object, before)) this.#queue.add(toQueueKey(key));
    };
    this.#releases.push(lease.release);
    await storeReady(lease.store, this.#context);
    // Only now: every key is looked at after this anyway, so what the first list held is no news.
    this.#releases.push(lease.store.subscribe((change) => this.#insist(() => wake(change))));
  }

  /** Repeats what failed, with growing pauses: an event that found no owners would otherwise be lost. */
  #insist(work: () => Promise<void>, failures = 0): void {
    work().catch((error: unknown) => {
      if (this.#context.signal.aborted) return;
      this.#log.warn({ err: error }, "cannot find the owners of a changed object");
      const pauseMs = Math.min(30_000, 500 * 2 ** failures);
      setTimeout(() => this.#insist(work, failures + 1), pauseMs).unref();
    });
  }

  #scheduleResync(addAll: () => void): void {
    const delayMs = this.#context.resyncMs * (0.9 + Math.random() * 0.2);
    this.#resync = setTimeout(() => {
      addAll();
      this.#scheduleResync(addAll);
    }, delayMs);
  }

  async #work(): Promise<void> {
    for (;;) {
      const queueKey = await this.#queue.take();
      if (queueKey === undefined) return;
      if (!this.#context.signal.aborted) await this.#lookAt(queueKey);
      this.#queue.finished(queueKey);
    }
  }

  async #lookAt(queueKey: string): Promise<void> {
    const startedAt = performance.now();
    const wakes = this.#wakes.begin(queueKey);
    try {
      const outcome = await runPass(this.#reconciler, keyFrom(queueKey), {
        ...this.#context,
        log: this.#log,
        wakeOn: wakes.wakeOn,
        failures: this.#queue.failures(queueKey),
      });
      wakes.keep();
      this.#onOutcome(queueKey, outcome);
      this.#count(outcome.state, startedAt);
    } catch (error) {
      wakes.extend();
      this.#onThrow(queueKey, error);
      this.#count("failed", startedAt);
    }
  }

  #onOutcome(queueKey: string, outcome: Outcome): void {
    this.#queue.forget(queueKey);
    if (outcome.state === "waiting" && outcome.afterMs !== undefined) {
      this.#queue.addAfter(queueKey, outcome.afterMs);
    }
    this.#log.debug({ key: queueKey, outcome }, "looked");
  }

  #onThrow(queueKey: string, error: unknown): void {
    if (this.#context.signal.aborted) return;
    const askedMs = error instanceof KubeError ? error.retryAfterMs : undefined;
    const retryInMs = this.#queue.addAfterFailure(queueKey, askedMs);
    if (isLostRace(error)) return;
    this.#log.warn({ key: queueKey, err: error, retryInMs }, messageOf(error));
  }

  #count(outcome: string, startedAt: number): void {
    const labels = { kind: this.#reconciler.kind.kind };
    this.#context.metrics.increment(PASSES, { ...labels, outcome });
    const seconds = (performance.now() - startedAt) / 1000;
    this.#context.metrics.observeSeconds(SECONDS, labels, seconds);
  }
}

/** What someone else may ask of the object: everything but status and the marks of each write. */
function wishDigest(object: KubeObject & { spec?: unknown }): string {
  const { labels, annotations, finalizers, deletionTimestamp, ownerReferences } = object.metadata;
  const { spec } = object;
  return digestOf({ spec, labels, annotations, finalizers, deletionTimestamp, ownerReferences });
}
