import type { KubeObject, ResourceKind } from "@drover/crds";
import { liveStore } from "@drover/kube";
import type { Cluster, StoreChange } from "@drover/kube";
import { keyOf, nameOf, namespaceOf, refOf, uidOf } from "../kinds/lab-kind.ts";

/** What a controller knows of one kind: the watched objects, with its own writes already in them. */
export type WatchedObjects<T extends KubeObject> = {
  readonly ready: Promise<void>;
  /** By `namespace/name`, or name. */
  find(key: string): T | undefined;
  list(namespace?: string): T[];
  /** Hears each change from now on. */
  onChange(listener: (change: StoreChange<T>) => void): () => void;
  /** Takes what a write returned, so that nobody here decides on what was there before it. */
  remember(object: T): void;
  close(): void;
};

/** A write that the watch does not confirm for this long was overtaken by events. */
const rememberMs = 30_000;

type Remembered<T> = { readonly object: T; readonly until: number };

/** Watches every object of a kind. */
export function watchObjects<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  onProblem: (problem: unknown) => void,
): WatchedObjects<T> {
  const store = liveStore(cluster, kind, { onProblem, retryMinMs: 50, retryMaxMs: 5_000 });
  const written = new Map<string, Remembered<T>>();
  const gone = recentlyGone();
  const byNamespace = new Map<string, Set<string>>();
  store.subscribe(({ type, object }) => {
    index(byNamespace, object, type !== "DELETED");
    if (type === "DELETED") gone.add(uidOf(object));
    const own = written.get(keyOf(object))?.object;
    if (own === undefined) return;
    const isOver = type === "DELETED" ? uidOf(own) === uidOf(object) : !isNewer(own, object);
    if (isOver) written.delete(keyOf(object));
  });

  const find = (key: string): T | undefined => {
    const seen = store.get(refOf(key));
    const own = written.get(key);
    if (own === undefined) return seen;
    if (own.until > performance.now() && (seen === undefined || isNewer(own.object, seen))) {
      return own.object;
    }
    written.delete(key);
    return seen;
  };
  return {
    ready: store.ready,
    find,
    list(namespace) {
      const keys =
        namespace === undefined
          ? [...byNamespace.values()].flatMap((names) => [...names])
          : [...(byNamespace.get(namespace) ?? [])];
      const unseen = [...written].filter(
        ([key, { object }]) =>
          (namespace === undefined || namespaceOf(object) === namespace) &&
          store.get(refOf(key)) === undefined,
      );
      return [...keys, ...unseen.map(([key]) => key)].flatMap((key) => find(key) ?? []);
    },
    onChange: (listener) => store.subscribe(listener),
    remember(object) {
      // The end of an object may be heard of before the answer to the write that brought it about.
      if (gone.has(uidOf(object))) return;
      const seen = store.get(refOf(keyOf(object)));
      if (seen !== undefined && !isNewer(object, seen)) return;
      written.set(keyOf(object), { object, until: performance.now() + rememberMs });
    },
    close: () => store.close(),
  };
}

/** The uids of objects that ended a short while ago. */
function recentlyGone(): { add(uid: string): void; has(uid: string): boolean } {
  // In the order in which they ended.
  const until = new Map<string, number>();
  return {
    add(uid) {
      const now = performance.now();
      for (const [known, end] of until) {
        if (end > now) break;
        until.delete(known);
      }
      until.set(uid, now + rememberMs);
    },
    has: (uid) => until.has(uid),
  };
}

function index(names: Map<string, Set<string>>, object: KubeObject, isThere: boolean): void {
  const namespace = namespaceOf(object);
  const inNamespace = names.get(namespace) ?? new Set<string>();
  if (isThere) names.set(namespace, inNamespace.add(keyOf(object)));
  else inNamespace.delete(keyOf(object));
  if (inNamespace.size === 0) names.delete(namespace);
}

function isNewer(one: KubeObject, other: KubeObject): boolean {
  return versionOf(one) > versionOf(other);
}

// Versions are opaque to clients in general; those of the lab's server and of etcd are counters.
function versionOf(object: KubeObject): bigint {
  const version = object.metadata.resourceVersion ?? "";
  if (!/^\d+$/.test(version)) throw new Error(`${nameOf(object)} has no version to compare.`);
  return BigInt(version);
}
