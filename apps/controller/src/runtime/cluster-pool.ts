import { connect } from "@drover/kube";
import type { Cluster, ClusterConnection } from "@drover/kube";
import { digestOf } from "./digest.ts";

export type ClusterRef = { readonly namespace: string; readonly name: string };

/** Where a registered cluster is and how to sign in; `own` means the cluster the controller itself uses. */
export type Registration =
  { readonly own: true } | { readonly own: false; readonly connection: ClusterConnection };

/** Reads a registration anew; throws `ClusterNotUsable` when it is absent or incomplete. */
export type ReadRegistration = (ref: ClusterRef) => Promise<Registration>;

/** A cluster that cannot be connected to as it is described. */
export class ClusterNotUsable extends Error {
  override readonly name = "ClusterNotUsable";
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

type Pooled = { readonly digest: string; readonly cluster: Cluster };

type Options = {
  readonly host: Cluster;
  readonly readRegistration: ReadRegistration;
  /** How a connection is made; the place to put something in between. */
  readonly connect?: (connection: ClusterConnection, name: string) => Cluster;
};

/** How long a replaced connection stays usable for passes that still hold it. */
const GRACE_MS = 30_000;

/** Connections to the registered clusters, rebuilt when a cluster's description or its token changes. */
export class ClusterPool {
  readonly #host: Cluster;
  readonly #readRegistration: ReadRegistration;
  readonly #connect: NonNullable<Options["connect"]>;
  readonly #pooled = new Map<string, Pooled>();
  readonly #retiring = new Map<Cluster, NodeJS.Timeout>();
  readonly #listeners = new Set<(replaced: Cluster) => void>();

  constructor({ host, readRegistration, connect: connectTo = connect }: Options) {
    this.#connect = connectTo;
    this.#host = host;
    this.#readRegistration = readRegistration;
  }

  /** Throws `ClusterNotUsable` when the registration is absent, incomplete or its token is missing. */
  async connect(ref: ClusterRef): Promise<Cluster> {
    const registration = await this.#readRegistration(ref);
    if (registration.own) return this.#host;
    return this.#pool(ref, registration.connection);
  }

  /** Hears each connection that was replaced by a newer one. Returns how to stop listening. */
  onReplaced(listener: (replaced: Cluster) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Closes the connection of a cluster that is no longer registered. */
  forget(ref: ClusterRef): void {
    const key = `${ref.namespace}/${ref.name}`;
    const pooled = this.#pooled.get(key);
    this.#pooled.delete(key);
    if (pooled) this.#retire(pooled.cluster);
  }

  async close(): Promise<void> {
    const clusters = [...this.#pooled.values()].map(({ cluster }) => cluster);
    for (const [cluster, timer] of this.#retiring) {
      clearTimeout(timer);
      clusters.push(cluster);
    }
    this.#pooled.clear();
    this.#retiring.clear();
    await Promise.all(clusters.map((cluster) => cluster.close()));
  }

  #pool(ref: ClusterRef, connection: ClusterConnection): Cluster {
    const key = `${ref.namespace}/${ref.name}`;
    const digest = digestOf(connection);
    const pooled = this.#pooled.get(key);
    if (pooled?.digest === digest) return pooled.cluster;
    const cluster = this.#connect(connection, ref.name);
    this.#pooled.set(key, { digest, cluster });
    if (pooled) this.#retire(pooled.cluster);
    return cluster;
  }

  #retire(cluster: Cluster): void {
    const timer = setTimeout(() => {
      this.#retiring.delete(cluster);
      void cluster.close();
    }, GRACE_MS);
    this.#retiring.set(cluster, timer.unref());
    for (const listener of this.#listeners) listener(cluster);
  }
}
