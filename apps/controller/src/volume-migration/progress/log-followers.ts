import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "@drover/kube";
import type { ClaimRef } from "../../manifests/transfer-run.ts";
import type { Key } from "../../runtime/key.ts";
import { toQueueKey } from "../../runtime/key.ts";
import { parseNews } from "./transfer-log.ts";
import type { News } from "./transfer-log.ts";

/** A moving number on a screen needs no more. */
const REPORT_EVERY_MS = 1_000;
/** A log that broke off is followed again after this long. */
const AGAIN_AFTER_MS = 1_000;

export type Followed = {
  readonly key: Key;
  readonly cluster: Cluster;
  readonly pod: ClaimRef & { readonly uid: string };
  readonly signal: AbortSignal;
};

type Follower = {
  readonly podUid: string;
  readonly stopping: AbortController;
  latest: News | undefined;
};

/** Reads logs of running transfers as they are written. What is known here is never more than a number on its way. */
export class LogFollowers {
  readonly #followers = new Map<string, Follower>();
  #wake: (key: Key) => void = () => undefined;

  onNews(wake: (key: Key) => void): void {
    this.#wake = wake;
  }

  /** Follows the pod unless that is done already, and returns what was seen last. */
  follow(target: Followed): News | undefined {
    const id = toQueueKey(target.key);
    const current = this.#followers.get(id);
    if (current?.podUid === target.pod.uid) return current.latest;
    this.stop(target.key);
    const follower = {
      podUid: target.pod.uid,
      stopping: new AbortController(),
      latest: undefined,
    };
    this.#followers.set(id, follower);
    void this.#read(target, follower).finally(() => {
      if (this.#followers.get(id) === follower) this.#followers.delete(id);
    });
    return undefined;
  }

  stop(key: Key): void {
    const id = toQueueKey(key);
    this.#followers.get(id)?.stopping.abort();
    this.#followers.delete(id);
  }

  async #read({ key, cluster, pod, signal }: Followed, follower: Follower): Promise<void> {
    const stop = AbortSignal.any([signal, follower.stopping.signal]);
    let reportedAt = 0;
    try {
      const lines = cluster.logs(pod, { container: "rsync", follow: true, signal: stop });
      for await (const line of lines) {
        const news = parseNews(line);
        if (news === undefined) continue;
        follower.latest = news;
        if (Date.now() - reportedAt < REPORT_EVERY_MS) continue;
        reportedAt = Date.now();
        this.#wake(key);
      }
    } catch {
      // The pod may not be reachable for a moment, or gone; the next pass sees which, and follows again.
      if (stop.aborted) return;
      await delay(AGAIN_AFTER_MS, undefined, { signal: stop, ref: false }).catch(() => undefined);
    }
    if (!stop.aborted) this.#wake(key);
  }
}
