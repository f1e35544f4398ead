import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster, WatchEvent, WatchOptions } from "./cluster.ts";

export type FollowOptions = WatchOptions & {
  readonly signal: AbortSignal;
  /** Silence after which it ends. */
  readonly silenceMs: number;
  readonly onSilence: () => void;
  /** On the `performance.now()` clock: the stream ends by itself then. */
  readonly endAt: number;
};

/** A watch that ends by itself after a silence: a half-open socket looks just like a quiet collection. */
export async function* followWatch<T extends KubeObject>(
  cluster: Pick<Cluster, "watch">,
  kind: ResourceKind<T>,
  options: FollowOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { silenceMs, onSilence, endAt, signal, ...selection } = options;
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  signal.addEventListener("abort", stop, { once: true });
  const end = setTimeout(stop, Math.max(0, endAt - performance.now()));
  const watchdog = setTimeout(() => {
    onSilence();
    stop();
  }, silenceMs);
  try {
    for await (const event of cluster.watch(kind, { ...selection, signal: stopping.signal })) {
      watchdog.refresh();
      yield event;
    }
  } finally {
    clearTimeout(end);
    clearTimeout(watchdog);
    signal.removeEventListener("abort", stop);
  }
}
