import type { KubeObject, OwnerReference } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster, DiscoveredResource } from "@drover/kube";
import { isDeleting, nameOf, namespaceOf, uidOf } from "../node/kinds/lab-kind.ts";
import { dynamicKind } from "./dynamic-kind.ts";
import { OwnershipGraph, ownersOf } from "./ownership-graph.ts";
import type { GraphNode } from "./ownership-graph.ts";

const FOREGROUND = "foregroundDeletion";
const ORPHAN = "orphan";

/** Decides about one object: delete it because its owners are gone, or finish what its deletion asked for. */
export class GarbageCollector {
  readonly graph = new OwnershipGraph();
  #cluster: Cluster;
  #resources: () => readonly DiscoveredResource[];

  constructor(cluster: Cluster, resources: () => readonly DiscoveredResource[]) {
    this.#cluster = cluster;
    this.#resources = resources;
  }

  async reconcile(uid: string): Promise<undefined> {
    const node = this.graph.find(uid);
    if (node === undefined) return undefined;
    const finalizers = node.object.metadata.finalizers ?? [];
    if (isDeleting(node.object) && finalizers.includes(ORPHAN)) await this.#orphan(node);
    else if (isDeleting(node.object) && finalizers.includes(FOREGROUND))
      await this.#foreground(node);
    else if (!isDeleting(node.object)) await this.#collect(node);
    return undefined;
  }

  /** Sets dependents free, then lets the owner go. */
  async #orphan(node: GraphNode): Promise<void> {
    const uid = uidOf(node.object);
    for (const dependent of this.graph.dependentsOf(uid)) {
      await this.#keepOwners(dependent, (owner) => owner.uid !== uid);
    }
    await this.#dropFinalizer(node, ORPHAN);
  }

  /** Deletes dependents first; the owner goes when none is left that blocks it. */
  async #foreground(node: GraphNode): Promise<void> {
    const uid = uidOf(node.object);
    const blocking = this.graph
      .dependentsOf(uid)
      .filter(({ object }) =>
        ownersOf(object).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
      );
    for (const dependent of this.graph.dependentsOf(uid)) {
      if (!isDeleting(dependent.object)) await this.#collect(dependent);
    }
    if (blocking.length === 0) await this.#dropFinalizer(node, FOREGROUND);
  }

  async #collect(node: GraphNode): Promise<void> {
    const owners = ownersOf(node.object);
    if (owners.length === 0) return;
    const fates = await Promise.all(owners.map((owner) => this.#fateOf(owner, node.object)));
    const isSolid = fates.includes("there");
    if (isSolid && fates.every((fate) => fate === "there")) return;
    if (isSolid) {
      const lasting = new Set(
        owners.filter((_, index) => fates[index] === "there").map(({ uid }) => uid),
      );
      await this.#keepOwners(node, (owner) => lasting.has(owner.uid));
      return;
    }
    const foreground =
      fates.includes("waiting") && this.graph.dependentUids(uidOf(node.object)).length > 0;
    await this.#delete(node, foreground ? "Foreground" : "Background");
  }

  /** Whether an owner is there, gone, or only waiting for its dependents to go. */
  async #fateOf(
    owner: OwnerReference,
    dependent: KubeObject,
  ): Promise<"there" | "gone" | "waiting"> {
    const known = this.graph.find(owner.uid)?.object ?? (await this.#readOwner(owner, dependent));
    if (known === undefined) return "gone";
    const isWaiting = isDeleting(known) && known.metadata.finalizers?.includes(FOREGROUND) === true;
    return isWaiting ? "waiting" : "there";
  }

  /** The graph may not know an owner yet; the server decides. */
  async #readOwner(owner: OwnerReference, dependent: KubeObject): Promise<KubeObject | undefined> {
    const resource = this.#resources().find(
      ({ group, version, kind }) =>
        kind === owner.kind &&
        (group === "" ? version : `${group}/${version}`) === owner.apiVersion,
    );
    // An owner of a kind nobody serves cannot be judged: its dependents stay.
    if (resource === undefined) return dependent;
    const namespace = namespaceOf(dependent);
    const ref = resource.namespaced ? { name: owner.name, namespace } : { name: owner.name };
    const found = await this.#cluster.find(dynamicKind(resource), ref);
    return found?.metadata.uid === owner.uid ? found : undefined;
  }

  async #keepOwners(node: GraphNode, keep: (owner: OwnerReference) => boolean): Promise<void> {
    await this.#patch(node, {
      ownerReferences: ownersOf(node.object).filter(keep),
    });
  }

  async #dropFinalizer(node: GraphNode, name: string): Promise<void> {
    const finalizers = (node.object.metadata.finalizers ?? []).filter((one) => one !== name);
    await this.#patch(node, { finalizers });
  }

  async #patch({ kind, object }: GraphNode, metadata: object): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    await unlessGone(
      this.#cluster.patch(kind, refTo(object), {
        type: "merge",
        body: { metadata: { ...metadata, uid, resourceVersion } },
      }),
    );
  }

  async #delete(
    { kind, object }: GraphNode,
    propagation: "Foreground" | "Background",
  ): Promise<void> {
    const isPending = object.metadata.finalizers?.includes(ORPHAN) === true;
    await unlessGone(
      this.#cluster.delete(kind, refTo(object), {
        uid: uidOf(object),
        ...(isPending ? {} : { propagation }),
      }),
    );
  }
}

function refTo(object: KubeObject): { name: string; namespace?: string } {
  const namespace = namespaceOf(object);
  return namespace === "" ? { name: nameOf(object) } : { name: nameOf(object), namespace };
}

/** What is gone, or was replaced by another of its name, needs no more care. */
async function unlessGone(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return;
    throw error;
  }
}
