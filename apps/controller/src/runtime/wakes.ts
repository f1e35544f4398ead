import type { KubeObject } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import type { WatchTarget, WatchedObjects } from "./reconciler.ts";
import type { SharedStores, StoreLease } from "./shared-stores.ts";
import { storeReady } from "./store-ready.ts";

type Wake = {
  readonly cluster: Cluster;
  readonly lease: Pick<StoreLease<KubeObject>, "release">;
  /** Ends the subscription; undefined until there is one. */
  stop?: () => void;
};

type Options = {
  readonly stores: SharedStores;
  readonly signal: AbortSignal;
  readonly wake: (queueKey: string) => void;
};

/** The watches each key asked for in its latest pass. A pass that does not ask again gives a watch up. */
export class Wakes {
  readonly #stores: SharedStores;
  readonly #signal: AbortSignal;
  readonly #wake: (queueKey: string) => void;
  readonly #held = new Map<string, Map<string, Wake>>();

  constructor({ stores, signal, wake }: Options) {
    this.#stores = stores;
    this.#signal = signal;
    this.#wake = wake;
  }

  /** The watches of one pass. `keep` when it is over; `extend` instead when it failed and may not have asked for all. */
  begin(queueKey: string): PassWakes {
    const asked = new Map<string, Wake>();
    const end = (kept: ReadonlyMap<string, Wake>) => {
      const before = this.#held.get(queueKey) ?? new Map<string, Wake>();
      const after = new Map([...kept, ...asked]);
      for (const wake of before.values()) if (![...after.values()].includes(wake)) drop(wake);
      if (after.size > 0) this.#held.set(queueKey, after);
      else this.#held.delete(queueKey);
    };
    return {
      wakeOn: (target) => this.#wakeOn(queueKey, asked, target),
      keep: () => end(new Map()),
      extend: () => end(this.#held.get(queueKey) ?? new Map()),
    };
  }

  /** Wakes every key that watches over this connection; it was replaced. */
  wakeHoldersOf(cluster: Cluster): void {
    for (const [queueKey, wakes] of this.#held) {
      if ([...wakes.values()].some((wake) => wake.cluster === cluster)) this.#wake(queueKey);
    }
  }

  close(): void {
    for (const wakes of this.#held.values()) for (const wake of wakes.values()) drop(wake);
    this.#held.clear();
  }

  async #wakeOn<W extends KubeObject>(
    queueKey: string,
    asked: Map<string, Wake>,
    target: WatchTarget<W>,
  ): Promise<WatchedObjects<W>> {
    const lease = this.#stores.acquire(target);
    const wake: Wake = { cluster: target.cluster, lease };
    // Two targets may differ in `matches` alone, so each is held under a name of its own.
    asked.set(asked.has(lease.id) ? `${lease.id} #${asked.size}` : lease.id, wake);
    await storeReady(lease.store, { signal: this.#signal });
    const matches = target.matches ?? (() => true);
    // Only now: what the first list held is no news to a pass that reads its facts after this.
    wake.stop = lease.store.subscribe(({ object, previous }) => {
      if (matches(object) || (previous && matches(previous))) this.#wake(queueKey);
    });
    return { list: () => lease.store.list(), find: (ref) => lease.store.get(ref) };
  }
}

export type PassWakes = {
  wakeOn<W extends KubeObject>(target: WatchTarget<W>): Promise<WatchedObjects<W>>;
  keep(): void;
  extend(): void;
};

function drop(wake: Wake): void {
  wake.stop?.();
  wake.lease.release();
}
