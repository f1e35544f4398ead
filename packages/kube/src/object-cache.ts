import type { KubeObject } from "@drover/crds";
import type { ObjectRef, WatchEvent } from "./cluster.ts";

/** What happened to one object; `previous` is what was known of it before. */
export type StoreChange<T> = {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
  readonly previous?: T;
};

/** The objects of one collection, and what changes when a list or an event comes in. */
export class ObjectCache<T extends KubeObject> {
  #objects = new Map<string, T>();
  #snapshot: readonly T[] | undefined;

  get size(): number {
    return this.#objects.size;
  }

  find(ref: ObjectRef): T | undefined {
    return this.#objects.get(keyOf(ref));
  }

  /** The same array until something changes. */
  list(): readonly T[] {
    this.#snapshot ??= [...this.#objects.values()];
    return this.#snapshot;
  }

  /** Takes a whole list as the truth. Objects that did not change stay the very same values. */
  replace(items: readonly T[]): StoreChange<T>[] {
    const before = this.#objects;
    this.#objects = new Map();
    this.#snapshot = undefined;
    const changes = items.flatMap((object) => this.#take(before, object));
    for (const [key, object] of before) {
      if (!this.#objects.has(key)) changes.push({ type: "DELETED", object, previous: object });
    }
    return changes;
  }

  /** Undefined when the event tells nothing new. */
  accept(event: Exclude<WatchEvent<T>, { type: "BOOKMARK" }>): StoreChange<T> | undefined {
    const { object } = event;
    const key = keyOfObject(object);
    const previous = this.#objects.get(key);
    if (event.type === "DELETED") {
      if (previous === undefined) return undefined;
      this.#objects.delete(key);
    } else {
      if (previous !== undefined && isSameVersion(previous, object)) return undefined;
      this.#objects.set(key, object);
    }
    this.#snapshot = undefined;
    if (event.type === "DELETED") return changeOf("DELETED", object, previous);
    return changeOf(previous === undefined ? "ADDED" : "MODIFIED", object, previous);
  }

  #take(before: ReadonlyMap<string, T>, object: T): StoreChange<T>[] {
    const key = keyOfObject(object);
    const previous = before.get(key);
    if (previous !== undefined && isSameVersion(previous, object)) {
      this.#objects.set(key, previous);
      return [];
    }
    this.#objects.set(key, object);
    return [changeOf(previous === undefined ? "ADDED" : "MODIFIED", object, previous)];
  }
}

function changeOf<T>(
  type: StoreChange<T>["type"],
  object: T,
  previous: T | undefined,
): StoreChange<T> {
  return previous === undefined ? { type, object } : { type, object, previous };
}

function isSameVersion(one: KubeObject, other: KubeObject): boolean {
  const version = one.metadata.resourceVersion;
  return (
    version !== undefined &&
    version === other.metadata.resourceVersion &&
    one.metadata.uid === other.metadata.uid
  );
}

function keyOfObject(object: KubeObject): string {
  const { name = "", namespace } = object.metadata;
  return keyOf(namespace === undefined ? { name } : { name, namespace });
}

function keyOf(ref: ObjectRef): string {
  return `${ref.namespace ?? ""}/${ref.name}`;
}
