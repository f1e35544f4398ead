import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster, DeleteOptions } from "@drover/kube";
import type { Logger } from "pino";
import { isDeleting, nameOf, namespaceOf, refOf, keyOf, uidOf } from "../kinds/lab-kind.ts";
import { watchObjects } from "./watched-objects.ts";
import type { WatchedObjects } from "./watched-objects.ts";

/**
 * One cluster as the lab's controllers share it: each kind is watched once, however many of them want it, and every
 * write is known to all of them at once.
 */
export type ClusterView = {
  readonly clusterName: string;
  readonly cluster: Cluster;
  readonly log: Logger;
  watch<T extends KubeObject>(kind: ResourceKind<T>): WatchedObjects<T>;
  /** Undefined when an object of that name is already there. */
  create<T extends KubeObject>(kind: ResourceKind<T>, object: T): Promise<T | undefined>;
  /** Merges a change into an object, unless it was deleted or replaced meanwhile (undefined then). */
  change<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: T,
    body: object,
  ): Promise<T | undefined>;
  changeStatus<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: T,
    status: object,
  ): Promise<T | undefined>;
  /** Deletes exactly this object; one of the same name made later stays. */
  remove<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: T,
    options?: DeleteOptions,
  ): Promise<void>;
  close(): Promise<void>;
};

export type ViewOptions = {
  readonly clusterName: string;
  readonly cluster: Cluster;
  readonly log: Logger;
};

/** Opens a view; kinds are watched from the first time they are asked for. */
export function clusterView({ clusterName, cluster, log }: ViewOptions): ClusterView {
  const watched = new Map<string, WatchedObjects<KubeObject>>();
  const problem = (kind: string) => (error: unknown) =>
    log.debug({ kind, reason: reasonOf(error) }, "watch interrupted");

  function watch<T extends KubeObject>(kind: ResourceKind<T>): WatchedObjects<T> {
    const key = `${kind.group}/${kind.plural}`;
    const known = watched.get(key);
    // The key names the kind, so what is kept under it holds objects of that kind.
    if (known !== undefined) return known as unknown as WatchedObjects<T>;
    const objects = watchObjects(cluster, kind, problem(kind.plural));
    watched.set(key, objects as unknown as WatchedObjects<KubeObject>);
    return objects;
  }

  async function written<T extends KubeObject>(
    kind: ResourceKind<T>,
    write: Promise<T>,
  ): Promise<T> {
    const object = await write;
    watched.get(`${kind.group}/${kind.plural}`)?.remember(object);
    return object;
  }

  return {
    clusterName,
    cluster,
    log,
    watch,
    create: (kind, object) =>
      written(kind, cluster.create(kind, object)).catch(unless("isAlreadyExists")),
    change: (kind, object, body) =>
      written(kind, cluster.patch(kind, refOf(keyOf(object)), pinned(object, body))).catch(
        unless("isNotFound"),
      ),
    changeStatus: (kind, object, status) =>
      written(
        kind,
        cluster.patchSubresource(kind, refOf(keyOf(object)), "status", pinned(object, { status })),
      ).catch(unless("isNotFound")),
    async remove(kind, object, options) {
      const ref = namespaceOf(object) === "" ? { name: nameOf(object) } : refOf(keyOf(object));
      try {
        await cluster.delete(kind, ref, {
          propagation: "Background",
          ...options,
          uid: uidOf(object),
        });
      } catch (error) {
        if (!(error instanceof KubeError && error.isConflict)) throw error;
        const now = await cluster.find(kind, ref);
        if (now !== undefined && uidOf(now) === uidOf(object)) throw error;
        // The name belongs to another object by now: ours is gone, which is what was wanted.
        return;
      }
      const metadata = { ...object.metadata, deletionTimestamp: new Date().toISOString() };
      if (!isDeleting(object))
        watched.get(`${kind.group}/${kind.plural}`)?.remember({ ...object, metadata });
    },
    async close() {
      for (const objects of watched.values()) objects.close();
      await cluster.close();
    },
  };
}

function pinned(object: KubeObject, body: object): { type: "merge"; body: object } {
  const metadata = "metadata" in body ? (body.metadata as object) : {};
  return { type: "merge", body: { ...body, metadata: { ...metadata, uid: uidOf(object) } } };
}

function unless(flag: "isAlreadyExists" | "isNotFound"): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof KubeError && error[flag]) return undefined;
    throw error;
  };
}

/** What went wrong, in the few words a log line has room for. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
