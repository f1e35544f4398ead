import { NetworkLink } from "../node/network-link.ts";
import { ApiFaults } from "./api-faults.ts";
import type { ClusterFaults } from "./fault-settings.ts";
import { FullVolumes } from "./full-volumes.ts";
import { Reachability } from "./unreachable.ts";

/** What of one cluster can be made to misbehave, for those parts of the lab that do. */
export class ClusterKnobs {
  readonly api = new ApiFaults();
  readonly link = new NetworkLink();
  readonly registry = new Reachability();
  readonly volumes: FullVolumes;
  #clockSkewMs = 0;

  constructor(volumesDir: string) {
    this.volumes = new FullVolumes(volumesDir);
  }

  /** The time as the API server's clock shows it. */
  readonly now = (): Date => new Date(Date.now() + this.#clockSkewMs);

  /** What needs no request to the cluster. */
  async set(faults: ClusterFaults): Promise<void> {
    this.api.set(faults.api ?? [], faults.watchDelayMs ?? 0);
    this.link.set(faults.link ?? {});
    this.registry.set(faults.registry);
    this.#clockSkewMs = (faults.clockSkewSeconds ?? 0) * 1000;
    await this.volumes.set(faults.fullVolumes ?? []);
  }
}
