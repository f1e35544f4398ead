import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster, WatchEvent, WatchOptions } from "./cluster.ts";
import { KubeError } from "./kube-error.ts";

export type FollowOptions = WatchOptions & {
  readonly signal: AbortSignal;
  /** Silence after which the connection counts as dead. */
  readonly silenceMs: number;
  /** On the `performance.now()` clock: the stream ends by itself then. */
  readonly endAt: number;
};

/** A watch that notices a dead connection: a half-open socket looks just like a quiet collection. */
export async function* followWatch<T extends KubeObject>(
  cluster: Pick<Cluster, "watch" | "url">,
  kind: ResourceKind<T>,
  options: FollowOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { silenceMs, endAt, signal, ...selection } = options;
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  signal.addEventListener("abort", stop, { once: true });
  const end = setTimeout(stop, Math.max(0, endAt - performance.now()));
  let isSilent = false;
  const watchdog = setTimeout(() => {
    isSilent = true;
    stop();
  }, silenceMs);
  try {
    for await (const event of cluster.watch(kind, { ...selection, signal: stopping.signal })) {
      watchdog.refresh();
      yield event;
    }
    if (isSilent) throw silence(cluster.url, kind.plural, silenceMs);
  } finally {
    clearTimeout(end);
    clearTimeout(watchdog);
    signal.removeEventListener("abort", stop);
  }
}

function silence(url: string, plural: string, silenceMs: number): KubeError {
  const message = `Nothing was heard of ${plural} from ${url} for ${silenceMs / 1000} s; connecting again.`;
  return new KubeError({ code: 0, reason: "Timeout", message });
}
