import type { KubeObject, ResourceKind } from "@drover/crds";
import { setTimeout as sleep } from "node:timers/promises";
import { Backoff } from "./backoff.ts";
import type { Cluster, ListOptions, ObjectRef, WatchEvent } from "./cluster.ts";
import { KubeError } from "./kube-error.ts";
import { listAll } from "./list-all.ts";
import { ObjectCache, type StoreChange } from "./object-cache.ts";
import { followWatch } from "./follow-watch.ts";
import { isOlderVersion } from "./resource-version.ts";

type Selection = Pick<ListOptions, "namespace" | "labelSelector" | "fieldSelector">;

export type LiveStoreOptions<T> = Selection & {
  /** Trims each object before it is kept; drops `managedFields` when absent. */
  readonly transform?: (object: T) => T;
  /** Hears what keeps the store from being up to date, and what a subscriber threw. */
  readonly onProblem?: (problem: unknown) => void;
  /** Reconnects when not even a bookmark was heard for so long; busy servers send one a minute. 90,000 when absent. */
  readonly watchdogMs?: number;
  /** Lists again now and then, so that an event lost without a trace heals too. 30 minutes when absent, jittered. */
  readonly relistMs?: number;
  readonly retryMinMs?: number;
  readonly retryMaxMs?: number;
};

/** A collection that keeps itself true to the cluster until it is closed. */
export type LiveStore<T> = {
  /** Settles with the first complete list; rejects when the store is closed before it. */
  readonly ready: Promise<void>;
  readonly size: number;
  list(): readonly T[];
  get(ref: ObjectRef): T | undefined;
  /** Hears every change from now on; what is there already is in `list()`. */
  subscribe(listener: (change: StoreChange<T>) => void): () => void;
  /** Since the server was last heard, be it only a bookmark; Infinity before the first answer. */
  lastEventAgeMs(): number;
  /** What keeps the store from being up to date right now. */
  problem(): KubeError | undefined;
  close(): void;
};

/** Lists the collection, watches it, and heals: 410, cuts, silence, refusals. At most one list is in flight. */
export function liveStore<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  options: LiveStoreOptions<T> = {},
): LiveStore<T> {
  const store = new SelfHealingStore(cluster, kind, options);
  void store.run();
  return store;
}

class SelfHealingStore<T extends KubeObject> implements LiveStore<T> {
  readonly #cluster: Cluster;
  readonly #kind: ResourceKind<T>;
  readonly #options: LiveStoreOptions<T>;
  readonly #cache = new ObjectCache<T>();
  readonly #listeners = new Set<(change: StoreChange<T>) => void>();
  readonly #closing = new AbortController();
  readonly #ready = Promise.withResolvers<void>();
  readonly #backoff: Backoff;
  /** For new lists alone: events that come in between must not turn disorder into a storm of lists. */
  readonly #relistBackoff: Backoff;
  /** The newest version seen; empty when a list is needed. */
  #position = "";
  #newest = "";
  #staleLists = 0;
  #relistAt = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #problem: KubeError | undefined;
  /** Nothing was heard for a while, or something went wrong: whether the server answers is to be seen. */
  #isInDoubt = false;

  constructor(cluster: Cluster, kind: ResourceKind<T>, options: LiveStoreOptions<T>) {
    this.#cluster = cluster;
    this.#kind = kind;
    this.#options = options;
    const pauses = { minMs: options.retryMinMs ?? 500, maxMs: options.retryMaxMs ?? 30_000 };
    this.#backoff = new Backoff(pauses);
    this.#relistBackoff = new Backoff(pauses);
    // Nobody has to wait for readiness: a store closed early must not end the process.
    this.#ready.promise.catch(() => undefined);
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }
  get size(): number {
    return this.#cache.size;
  }
  list(): readonly T[] {
    return this.#cache.list();
  }
  get(ref: ObjectRef): T | undefined {
    return this.#cache.find(ref);
  }
  lastEventAgeMs(): number {
    return performance.now() - this.#heardAt;
  }
  problem(): KubeError | undefined {
    return this.#problem;
  }

  subscribe(listener: (change: StoreChange<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.#closing.abort();
    const message = `The store of ${this.#kind.plural} was closed before its first list.`;
    this.#ready.reject(new KubeError({ code: 0, reason: "Closed", message }));
  }

  async run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        if (this.#position === "" || performance.now() >= this.#relistAt) await this.#list();
        else if (this.#isInDoubt) await this.#ping();
        await this.#watch();
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        await this.#recover(error);
      }
    }
  }

  async #list(): Promise<void> {
    // Set before the answer: while a list that only checks is refused, the watch goes on.
    const period = this.#options.relistMs ?? 30 * 60_000;
    this.#relistAt = performance.now() + period * (0.75 + Math.random() / 2);
    const { items, resourceVersion } = await listAll(this.#cluster, this.#kind, {
      ...selectionOf(this.#options),
      signal: this.#closing.signal,
      transform: this.#options.transform ?? withoutManagedFields,
    });
    this.#refuseStale(resourceVersion);
    this.#heard(resourceVersion);
    for (const change of this.#cache.replace(items)) this.#tell(change);
    this.#ready.resolve();
  }

  // A list older than what we saw would bring the deleted back to life. A server that insists was itself set back.
  #refuseStale(resourceVersion: string): void {
    this.#staleLists = isOlderVersion(resourceVersion, this.#newest) ? this.#staleLists + 1 : 0;
    if (this.#staleLists === 0) return;
    if (this.#staleLists > 3) {
      this.#newest = "";
      return;
    }
    const message = `${this.#cluster.url} answered with an outdated list of ${this.#kind.plural}.`;
    throw new KubeError({ code: 0, reason: "Unreachable", message });
  }

  // A quiet collection on a quiet server sends nothing at all; the smallest list there is tells it from a dead one.
  async #ping(): Promise<void> {
    const options = { ...selectionOf(this.#options), limit: 1, signal: this.#closing.signal };
    try {
      await this.#cluster.listPage(this.#kind, options);
    } catch (error) {
      // It answers, but wants fewer lists: the watch may still be served.
      if (error instanceof KubeError && error.code === 429) return;
      throw error;
    }
    this.#heard("");
  }

  async #watch(): Promise<void> {
    const startedAt = performance.now();
    const events = followWatch(this.#cluster, this.#kind, {
      ...selectionOf(this.#options),
      resourceVersion: this.#position,
      signal: this.#closing.signal,
      silenceMs: this.#options.watchdogMs ?? 90_000,
      onSilence: () => (this.#isInDoubt = true),
      endAt: this.#relistAt,
    });
    try {
      for await (const event of events) this.#take(event);
    } finally {
      // A connection that held for a while was a success, however it ended.
      if (performance.now() - startedAt > 10_000) {
        this.#backoff.reset();
        this.#relistBackoff.reset();
      }
    }
    // A server that closes every watch at once must not be asked in a tight loop.
    if (performance.now() - startedAt < 1_000) await this.#pause(this.#backoff.nextMs());
  }

  #take(event: WatchEvent<T>): void {
    if (event.type === "BOOKMARK") {
      this.#backoff.reset();
      // A bookmark that was overtaken must not turn the position back.
      const isLate = isOlderVersion(event.resourceVersion, this.#position);
      this.#heard(isLate ? "" : event.resourceVersion);
      return;
    }
    const version = event.object.metadata.resourceVersion ?? "";
    if (isOlderVersion(version, this.#position)) throw this.#outOfOrder();
    this.#heard(version);
    this.#backoff.reset();
    const trim = this.#options.transform ?? withoutManagedFields;
    const change = this.#cache.accept({ ...event, object: trim(event.object) });
    if (change !== undefined) this.#tell(change);
  }

  #outOfOrder(): KubeError {
    const message = `${this.#cluster.url} sent changes of ${this.#kind.plural} out of order; reading them anew.`;
    return new KubeError({ code: 410, reason: "Expired", message });
  }

  async #recover(error: unknown): Promise<void> {
    const problem = error instanceof KubeError ? error : undefined;
    this.#problem = problem;
    this.#isInDoubt = true;
    if (problem === undefined) this.#report(error);
    else this.#options.onProblem?.(problem);
    // A stream that broke is taken up where it stopped, unless that keeps failing.
    const needsList = problem?.isTransient !== true || this.#backoff.failures >= 5;
    if (needsList) this.#position = "";
    const pauseMs = this.#backoff.nextMs(problem?.retryAfterMs);
    await this.#pause(needsList ? Math.max(pauseMs, this.#relistBackoff.nextMs()) : pauseMs);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  #heard(resourceVersion: string): void {
    this.#heardAt = performance.now();
    this.#problem = undefined;
    this.#isInDoubt = false;
    if (resourceVersion === "") return;
    this.#position = resourceVersion;
    this.#newest = resourceVersion;
  }

  #tell(change: StoreChange<T>): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  // One subscriber's mistake must not stop the others, nor go unseen.
  #report(error: unknown): void {
    const { onProblem } = this.#options;
    if (onProblem !== undefined) onProblem(error);
    else
      queueMicrotask(() => {
        throw error;
      });
  }
}

function selectionOf(options: Selection): Selection {
  const { namespace, labelSelector, fieldSelector } = options;
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

function withoutManagedFields<T extends KubeObject>(object: T): T {
  delete object.metadata["managedFields"];
  return object;
}
