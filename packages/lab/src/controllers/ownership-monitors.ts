import type { KubeObject } from "@drover/crds";
import { liveStore } from "@drover/kube";
import type { Cluster, DiscoveredResource, LiveStore } from "@drover/kube";
import { uidOf } from "../node/kinds/lab-kind.ts";
import { deletableResources, dynamicKind } from "./dynamic-kind.ts";
import type { OwnershipGraph } from "./ownership-graph.ts";
import { ownersOf } from "./ownership-graph.ts";

/** Kinds that neither own nor are owned in practice; watching them would only cost. */
const UNWATCHED = new Set(["events", "leases", "csinodes", "csistoragecapacities", "apiservices"]);

/** Watches the metadata of every kind the server has, and keeps the graph of owners true to it. */
export class OwnershipMonitors {
  resources: readonly DiscoveredResource[] = [];
  #cluster: Cluster;
  #graph: OwnershipGraph;
  #wake: (uid: string) => void;
  #stores = new Map<string, LiveStore<KubeObject>>();

  constructor(cluster: Cluster, graph: OwnershipGraph, wake: (uid: string) => void) {
    this.#cluster = cluster;
    this.#graph = graph;
    this.#wake = wake;
  }

  /** Watches what the server serves now, and nothing it no longer does. */
  async sync(): Promise<void> {
    this.resources = await this.#cluster.discovery();
    const wanted = new Map(
      deletableResources(this.resources)
        .filter(({ plural }) => !UNWATCHED.has(plural))
        .map((resource) => [`${resource.plural}.${resource.group}/${resource.version}`, resource]),
    );
    for (const [key, store] of this.#stores) {
      if (wanted.has(key)) continue;
      store.close();
      this.#stores.delete(key);
    }
    for (const [key, resource] of wanted) {
      if (!this.#stores.has(key)) this.#stores.set(key, this.#monitor(resource));
    }
  }

  close(): void {
    for (const store of this.#stores.values()) store.close();
    this.#stores.clear();
  }

  #monitor(resource: DiscoveredResource): LiveStore<KubeObject> {
    const kind = dynamicKind(resource);
    const store = liveStore(this.#cluster, kind, {
      transform: metadataOnly,
      retryMinMs: 50,
      retryMaxMs: 5_000,
    });
    store.subscribe(({ type, object }) => {
      const uid = uidOf(object);
      const affected = [
        ...this.#graph.dependentUids(uid),
        ...ownersOf(object).map((owner) => owner.uid),
      ];
      if (type === "DELETED") this.#graph.delete(uid);
      else this.#graph.put(kind, object);
      for (const other of [uid, ...affected]) this.#wake(other);
    });
    return store;
  }
}

function metadataOnly(object: KubeObject): KubeObject {
  const {
    managedFields: _managed,
    annotations: _annotations,
    labels: _labels,
    ...metadata
  } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, metadata };
}
