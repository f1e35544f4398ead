import { Lease } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";
import { setTimeout as sleep } from "node:timers/promises";
import { isHolderGone } from "./process-identity.ts";

export type ElectionOptions = {
  readonly host: Cluster;
  readonly lease: { readonly namespace: string; readonly name: string };
  readonly identity: string;
  readonly log: Logger;
  /** Another process may take over when the lease was not renewed for so long. */
  readonly leaseMs?: number;
  readonly retryMs?: number;
};

export type Leadership = {
  /** Aborted when the lease could not be kept: whatever works under it has to stop. */
  readonly lost: AbortSignal;
  /** Gives the lease up, so that the next process need not wait for it to run out. */
  release(): Promise<void>;
};

/** Waits until the lease is ours and keeps it. Two leaders are possible for a while, as clocks and networks are. */
export async function electLeader(
  options: ElectionOptions,
  signal: AbortSignal,
): Promise<Leadership> {
  const election = new Election(options);
  await election.acquire(signal);
  return election.lead();
}

type Observed = { readonly version: string; readonly seenAt: number };

class Election {
  readonly #options: Required<ElectionOptions>;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  #observed: Observed | undefined;
  #renewedAt = 0;

  constructor(options: ElectionOptions) {
    this.#options = { leaseMs: 15_000, retryMs: 2_000, ...options };
  }

  async acquire(signal: AbortSignal): Promise<void> {
    const { log, identity, lease } = this.#options;
    let isWaiting = false;
    while (!(await this.#tryOnce())) {
      if (!isWaiting) log.info({ lease: lease.name }, "another controller leads; waiting for it");
      isWaiting = true;
      await sleep(this.#options.retryMs * (0.9 + Math.random() * 0.2), undefined, { signal });
    }
    log.info({ identity }, "leading");
  }

  lead(): Leadership {
    const renewing = this.#keep();
    return {
      lost: this.#lost.signal,
      release: async () => {
        this.#released.abort();
        await renewing;
        await this.#giveUp();
      },
    };
  }

  async #keep(): Promise<void> {
    const { retryMs, leaseMs } = this.#options;
    const { signal } = this.#released;
    while (!signal.aborted) {
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const isKept = await this.#tryOnce();
      const isLate = performance.now() - this.#renewedAt > leaseMs * (2 / 3);
      if (isKept || !isLate) continue;
      this.#options.log.error(
        "the lease could not be renewed in time; another controller may lead",
      );
      this.#lost.abort();
      return;
    }
  }

  /** True when the lease is ours afterwards. Trouble with the server counts as "not now". */
  async #tryOnce(): Promise<boolean> {
    try {
      const isOurs = await this.#takeOrRenew();
      if (isOurs) this.#renewedAt = performance.now();
      return isOurs;
    } catch (error) {
      const isRace = error instanceof KubeError && (error.isConflict || error.isAlreadyExists);
      if (!isRace) this.#options.log.warn({ err: error }, "cannot read or renew the lease");
      return false;
    }
  }

  async #takeOrRenew(): Promise<boolean> {
    const { host, lease: ref, identity } = this.#options;
    const found = await host.find(Lease, ref);
    if (!found) {
      await host.create(Lease, this.#claim(undefined));
      return true;
    }
    const holder = found.spec?.holderIdentity ?? "";
    if (holder !== identity && !this.#mayTake(found, holder)) return false;
    const body = this.#claim(found);
    await host.patch(Lease, ref, { type: "merge", body });
    return true;
  }

  #mayTake(found: Lease, holder: string): boolean {
    if (holder === "" || isHolderGone(holder)) return true;
    const version = found.metadata.resourceVersion ?? "";
    // Only our own clock counts: how long the lease has stood unchanged before our eyes.
    if (this.#observed?.version !== version) {
      this.#observed = { version, seenAt: performance.now() };
      return false;
    }
    const durationMs = (found.spec?.leaseDurationSeconds ?? 15) * 1000;
    return performance.now() - this.#observed.seenAt > durationMs;
  }

  #claim(found: Lease | undefined): Lease {
    const { lease: ref, identity, leaseMs } = this.#options;
    const renewTime = microTime();
    const { resourceVersion } = found?.metadata ?? {};
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { ...ref, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      spec: {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(leaseMs / 1000),
        renewTime,
        ...tenure(found, identity, renewTime),
      },
    };
  }

  async #giveUp(): Promise<void> {
    const { host, lease: ref, identity, log } = this.#options;
    try {
      const found = await host.find(Lease, ref);
      if (found?.spec?.holderIdentity !== identity) return;
      const { resourceVersion } = found.metadata;
      const body = { metadata: { resourceVersion }, spec: { holderIdentity: "" } };
      await host.patch(Lease, ref, { type: "merge", body });
    } catch (error) {
      log.warn({ err: error }, "cannot give the lease up; it runs out by itself");
    }
  }
}

/** Since when the holder leads, and how often the leader has changed. */
function tenure(found: Lease | undefined, identity: string, now: string) {
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = found?.spec ?? {};
  if (holderIdentity === identity) return { acquireTime: acquireTime ?? now, leaseTransitions };
  return { acquireTime: now, leaseTransitions: found ? leaseTransitions + 1 : 0 };
}

function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}
