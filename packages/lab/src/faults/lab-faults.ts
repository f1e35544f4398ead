import type { Cluster } from "@drover/kube";
import type { ClusterName } from "../lab-plan.ts";
import type { LabLayout } from "../lab-layout.ts";
import { ClusterKnobs } from "./cluster-knobs.ts";
import { cordon } from "./cordon.ts";
import { FaultSettings } from "./fault-settings.ts";
import { ObjectStoreFaults } from "./object-store-faults.ts";
import type { Reachability } from "./unreachable.ts";

const clusterNames = ["host", "source", "edge"] as const satisfies ClusterName[];

/** Everything that can be made to go wrong with a lab, in one place. */
export class LabFaults {
  readonly objectStore = new ObjectStoreFaults();
  readonly #knobs: Readonly<Record<ClusterName, ClusterKnobs>>;
  readonly #clusters = new Map<ClusterName, Cluster>();
  #current: FaultSettings = {};
  #last = Promise.resolve();

  readonly #hasOwnServers: boolean;

  /** With `hasOwnServers` the API servers are the lab's, and can be disturbed too. */
  constructor(layout: LabLayout, { hasOwnServers }: { readonly hasOwnServers: boolean }) {
    this.#hasOwnServers = hasOwnServers;
    const knobs = (name: ClusterName) => new ClusterKnobs(layout.cluster(name).volumesDir);
    this.#knobs = { host: knobs("host"), source: knobs("source"), edge: knobs("edge") };
  }

  /** What is wrong now. */
  get current(): FaultSettings {
    return this.#current;
  }

  knobs(name: ClusterName): ClusterKnobs {
    return this.#knobs[name];
  }

  /** Of the registry of a cluster by its name, as its pod knows it. */
  registryOf(cluster: string): Reachability {
    const name = clusterNames.find((one) => one === cluster);
    if (name === undefined) throw new Error(`The lab has no cluster ${cluster}.`);
    return this.#knobs[name].registry;
  }

  /** Clusters that run by now; what is wrong with them from the start is so from here on. */
  async attach(running: readonly { readonly name: ClusterName; readonly cluster: Cluster }[]) {
    for (const { name, cluster } of running) this.#clusters.set(name, cluster);
    await this.set(this.#current);
  }

  /** Makes exactly this go wrong and nothing else; throws when the settings are not understood. Settles when it is so. */
  async set(settings: FaultSettings): Promise<void> {
    const wanted = FaultSettings.parse(settings);
    if (!this.#hasOwnServers) refuseServerKnobs(wanted);
    const before = this.#last;
    this.#last = before.catch(() => undefined).then(() => this.#apply(wanted));
    await this.#last;
  }

  /** All is well again. */
  async clear(): Promise<void> {
    await this.set({});
  }

  /** Ends every watch of a cluster that is open now, without a word. */
  cutWatches(name: ClusterName): void {
    this.#knobs[name].api.cutWatches();
  }

  /** Gives back what is held; nodes and settings stay as they are for the next start. */
  async close(): Promise<void> {
    this.#clusters.clear();
    await this.clear();
  }

  async #apply(settings: FaultSettings): Promise<void> {
    this.#current = settings;
    this.objectStore.set(settings.objectStore ?? {});
    for (const name of clusterNames) {
      const faults = settings.clusters?.[name] ?? {};
      await this.#knobs[name].set(faults);
      const cluster = this.#clusters.get(name);
      if (cluster !== undefined) await cordon(cluster, faults.unschedulable === true);
    }
  }
}

const serverKnobs = ["api", "watchDelayMs", "clockSkewSeconds"] as const;

function refuseServerKnobs({ clusters }: FaultSettings): void {
  const turned = serverKnobs.filter((knob) =>
    clusterNames.some((name) => clusters?.[name]?.[knob] !== undefined),
  );
  if (turned.length === 0) return;
  throw new Error(
    `${turned.join(", ")} concern the lab's own API server, and this lab runs on a real kube-apiserver. Leave them out, or start the lab without --apiserver=kube.`,
  );
}
