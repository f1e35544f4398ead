import { Namespace } from "@drover/crds";
import { KubeError, liveStore, type Cluster, type LiveStore } from "@drover/kube";
import { WorkQueue } from "../../velero/work-queue.ts";

const uidRange = "openshift.io/sa.scc.uid-range";
const groups = "openshift.io/sa.scc.supplemental-groups";
const mcs = "openshift.io/sa.scc.mcs";
const firstUid = 1_000_000_000;
const blockSize = 10_000;

export type NamespaceSecurityOptions = {
  readonly cluster: Cluster;
  readonly onProblem: (key: string, error: unknown) => void;
};

/** The block a range annotation such as `1000660000/10000` stands for. */
function blockOf(namespace: Namespace): number | undefined {
  const start = /^(\d+)\//.exec(namespace.metadata.annotations?.[uidRange] ?? "")?.[1];
  return start === undefined ? undefined : (Number(start) - firstUid) / blockSize;
}

/** Two different categories for each block, as SELinux labels of a cluster are handed out. */
function mcsLabel(block: number): string {
  const high = Math.floor((Math.sqrt(8 * block + 1) + 1) / 2);
  const low = block - (high * (high - 1)) / 2;
  return `s0:c${high},c${low}`;
}

/** Gives each namespace its own range of user ids, which OpenShift's restricted pods must run in. */
export class NamespaceSecurityController {
  readonly #cluster: Cluster;
  readonly #namespaces: LiveStore<Namespace>;
  readonly #queue: WorkQueue;
  /** The block of each namespace, also one that the store does not show yet. */
  readonly #blocks = new Map<string, number>();
  /** How many namespaces have a block: restored ones bring theirs along. */
  readonly #holders = new Map<number, number>();
  /** No block below is free. */
  #lowest = 0;

  constructor({ cluster, onProblem }: NamespaceSecurityOptions) {
    this.#cluster = cluster;
    this.#namespaces = liveStore(cluster, Namespace);
    this.#queue = new WorkQueue({
      concurrency: 1,
      work: (name) => this.#annotate(name),
      onProblem,
    });
    this.#namespaces.subscribe(({ object, type }) => {
      const { name = "" } = object.metadata;
      const block = blockOf(object);
      if (type === "DELETED") this.#hold(name, undefined);
      else if (block !== undefined) this.#hold(name, block);
      this.#queue.add(name);
    });
  }

  async close(): Promise<void> {
    this.#namespaces.close();
    await this.#queue.close();
  }

  async #annotate(name: string): Promise<void> {
    const namespace = this.#namespaces.get({ name });
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
    if (blockOf(namespace) !== undefined) return;
    const block = this.#blocks.get(name) ?? this.#freeBlock();
    this.#hold(name, block);
    const range = `${firstUid + block * blockSize}/${blockSize}`;
    const annotations = { [uidRange]: range, [groups]: range, [mcs]: mcsLabel(block) };
    try {
      await this.#cluster.patch(
        Namespace,
        { name },
        { type: "merge", body: { metadata: { annotations } } },
      );
    } catch (error) {
      if (!(error instanceof KubeError && error.isNotFound)) throw error;
    }
  }

  #hold(name: string, block: number | undefined): void {
    const before = this.#blocks.get(name);
    if (before === block) return;
    if (before !== undefined) {
      const others = (this.#holders.get(before) ?? 1) - 1;
      if (others > 0) this.#holders.set(before, others);
      else this.#holders.delete(before);
      this.#lowest = Math.min(this.#lowest, before);
    }
    if (block === undefined) {
      this.#blocks.delete(name);
      return;
    }
    this.#blocks.set(name, block);
    this.#holders.set(block, (this.#holders.get(block) ?? 0) + 1);
  }

  #freeBlock(): number {
    while (this.#holders.has(this.#lowest)) this.#lowest += 1;
    return this.#lowest;
  }
}
