import type { KubeObject } from "@drover/crds";
import { apiVersionOf } from "@drover/crds";
import { liveStore } from "@drover/kube";
import type { Cluster, KindRef, LiveStore } from "@drover/kube";
import type { Logger } from "pino";
import type { WatchTarget } from "./reconciler.ts";

export type StoreLease<T extends KubeObject> = {
  readonly store: LiveStore<T>;
  /** Equal for equal targets; names the store. */
  readonly id: string;
  release(): void;
};

type Shared = {
  readonly store: LiveStore<KubeObject>;
  holders: number;
  lingering?: NodeJS.Timeout;
};

type Options = {
  readonly log: Logger;
  /** A store nobody holds stays open for a while, since the next pass often asks for it again. */
  readonly lingerMs?: number;
};

/** One store per cluster, kind, namespace and selector, however many ask; closed once nobody does. */
export class SharedStores {
  readonly #log: Logger;
  readonly #lingerMs: number;
  readonly #shared = new Map<string, Shared>();
  readonly #clusterIds = new WeakMap<Cluster, number>();
  #clusterCount = 0;

  constructor({ log, lingerMs = 15_000 }: Options) {
    this.#log = log;
    this.#lingerMs = lingerMs;
  }

  acquire<T extends KubeObject>(target: WatchTarget<T>): StoreLease<T> {
    const id = this.#idOf(target);
    const shared = this.#shared.get(id) ?? { store: this.#open(id, target), holders: 0 };
    this.#shared.set(id, shared);
    clearTimeout(shared.lingering);
    shared.holders += 1;
    let isHeld = true;
    const release = () => {
      if (isHeld) this.#release(id, shared);
      isHeld = false;
    };
    // The id holds the kind, so a store found under it holds objects of that kind.
    return { store: shared.store as unknown as LiveStore<T>, id, release };
  }

  /** Each open store with the time since its server was last heard. */
  ages(): { readonly id: string; readonly ageMs: number }[] {
    return [...this.#shared].map(([id, { store }]) => ({ id, ageMs: store.lastEventAgeMs() }));
  }

  close(): void {
    for (const { store, lingering } of this.#shared.values()) {
      clearTimeout(lingering);
      store.close();
    }
    this.#shared.clear();
  }

  #open<T extends KubeObject>(id: string, target: WatchTarget<T>): LiveStore<KubeObject> {
    const { cluster, kind, namespace, labelSelector, fieldSelector } = target;
    const store = liveStore(cluster, kind, {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      onProblem: (err) => this.#log.debug({ err, store: id }, "a watch has a problem"),
    });
    return store as unknown as LiveStore<KubeObject>;
  }

  #release(id: string, shared: Shared): void {
    shared.holders -= 1;
    if (shared.holders > 0) return;
    shared.lingering = setTimeout(() => {
      shared.store.close();
      if (this.#shared.get(id) === shared) this.#shared.delete(id);
    }, this.#lingerMs);
    shared.lingering.unref();
  }

  #idOf(target: Omit<WatchTarget, "matches" | "kind"> & { readonly kind: KindRef }): string {
    const { cluster, kind, namespace, labelSelector, fieldSelector } = target;
    const parts = [apiVersionOf(kind), kind.plural, namespace, labelSelector, fieldSelector];
    return `${this.#clusterId(cluster)} ${cluster.url} ${parts.map((part) => part ?? "").join(" ")}`;
  }

  #clusterId(cluster: Cluster): number {
    const id = this.#clusterIds.get(cluster) ?? (this.#clusterCount += 1);
    this.#clusterIds.set(cluster, id);
    return id;
  }
}
