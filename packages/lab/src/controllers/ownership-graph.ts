import type { KubeObject, OwnerReference, ResourceKind } from "@drover/crds";

/** What garbage collection needs to know of one object. */
export type GraphNode = {
  readonly kind: ResourceKind<KubeObject>;
  readonly object: KubeObject;
};

/** Which objects own which, as the watches last saw them. */
export class OwnershipGraph {
  #nodes = new Map<string, GraphNode>();
  #dependents = new Map<string, Set<string>>();

  /** Takes in an object; returns the uids whose fate it may change. */
  put(kind: ResourceKind<KubeObject>, object: KubeObject): void {
    const uid = object.metadata.uid ?? "";
    this.#unlink(uid);
    this.#nodes.set(uid, { kind, object });
    for (const owner of ownersOf(object)) {
      const dependents = this.#dependents.get(owner.uid) ?? new Set();
      dependents.add(uid);
      this.#dependents.set(owner.uid, dependents);
    }
  }

  delete(uid: string): void {
    this.#unlink(uid);
    this.#nodes.delete(uid);
  }

  find(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** The objects that name this uid as an owner. */
  dependentsOf(uid: string): readonly GraphNode[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => {
      const node = this.#nodes.get(dependent);
      return node === undefined ? [] : [node];
    });
  }

  dependentUids(uid: string): readonly string[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  uids(): readonly string[] {
    return [...this.#nodes.keys()];
  }

  #unlink(uid: string): void {
    const before = this.#nodes.get(uid);
    if (before === undefined) return;
    for (const owner of ownersOf(before.object)) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }
}

export function ownersOf(object: KubeObject): readonly OwnerReference[] {
  return object.metadata.ownerReferences ?? [];
}
