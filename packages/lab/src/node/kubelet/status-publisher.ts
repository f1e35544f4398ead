import { setTimeout as sleep } from "node:timers/promises";
import type { Pod, PodStatus } from "../kinds/pod.ts";
import { Pod as PodKind } from "../kinds/pod.ts";
import type { ClusterView } from "../runtime/cluster-view.ts";
import { reasonOf } from "../runtime/cluster-view.ts";

/** Writes a pod's status; changes that come while a write is under way go out together with the next one. */
export type StatusPublisher = {
  publish(): void;
  /** Settles when everything is written, or the pod is gone. */
  written(): Promise<void>;
  stop(): void;
};

export type PublisherOptions = {
  readonly view: ClusterView;
  readonly pod: () => Pod;
  readonly status: () => PodStatus;
};

const firstRetryMs = 50;
const lastRetryMs = 5_000;

export function statusPublisher({ view, pod, status }: PublisherOptions): StatusPublisher {
  const stopping = new AbortController();
  let isDirty = false;
  let last = "";
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    let retryMs = firstRetryMs;
    while (isDirty && !stopping.signal.aborted) {
      isDirty = false;
      const next = status();
      const text = JSON.stringify(next);
      if (text === last) continue;
      try {
        const stored = await view.changeStatus(PodKind, pod(), next);
        if (stored === undefined) return;
        last = text;
        retryMs = firstRetryMs;
      } catch (error) {
        isDirty = true;
        view.log.debug({ pod: pod().metadata.name, reason: reasonOf(error) }, "status not written");
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        retryMs = Math.min(lastRetryMs, retryMs * 2);
      }
    }
  };
  return {
    publish() {
      isDirty = true;
      writing ??= Promise.resolve()
        .then(writeAll)
        .finally(() => (writing = undefined));
    },
    async written() {
      while (writing !== undefined) await writing;
    },
    stop: () => stopping.abort(),
  };
}
