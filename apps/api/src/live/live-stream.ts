import type { LiveResource } from "@drover/contract";
import type { LoggedChange } from "./change-log.ts";
import type { EventStream } from "./event-stream.ts";
import type { LiveHub } from "./live-hub.ts";

export type LiveTiming = {
  readonly coalesceMs: number;
  readonly heartbeatMs: number;
  readonly reviewMs: number;
  /** How long a reader may be behind before it is dropped. */
  readonly patienceMs: number;
};

export const defaultTiming: LiveTiming = {
  coalesceMs: 40,
  heartbeatMs: 15_000,
  reviewMs: 30_000,
  patienceMs: 20_000,
};

export type LiveStreamOptions = {
  readonly hub: LiveHub;
  readonly stream: EventStream;
  readonly resources: ReadonlySet<LiveResource>;
  readonly lastEventId: string | undefined;
  readonly timing: LiveTiming;
  /** Resources that may not be read, with the reason; throws nothing. `signed-out` ends the stream. */
  readonly review: () => Promise<ReadonlyMap<LiveResource, string> | "signed-out">;
};

export type LiveStream = {
  readonly end: (reason: "signed-out" | "restarting") => void;
};

/** Sends one reader the changes of its resources, the newest state of each object once per window. */
export function startLiveStream(options: LiveStreamOptions): LiveStream {
  const { hub, stream, timing } = options;
  const allowed = new Set(options.resources);
  const pending = new Map<string, LoggedChange>();
  let window: NodeJS.Timeout | undefined;
  let behind: NodeJS.Timeout | undefined;

  const flush = (): void => {
    window = undefined;
    if (behind !== undefined || pending.size === 0) return;
    const changes = [...pending.values()].toSorted((a, b) => a.sequence - b.sequence);
    pending.clear();
    const last = changes.at(-1);
    const data = `[${changes.map((change) => change.json()).join(",")}]`;
    const isTaken = stream.send("changes", data, last && hub.log.positionOf(last.sequence));
    // What waits meanwhile is one entry per object; whoever stays behind is cut off and reads anew.
    if (!isTaken) behind = setTimeout(stream.destroy, timing.patienceMs);
  };
  const accept = (change: LoggedChange): void => {
    if (!allowed.has(change.resource)) return;
    pending.set(`${change.resource}/${change.name}`, change);
    window ??= setTimeout(flush, timing.coalesceMs);
  };
  const end = (reason: "signed-out" | "restarting"): void => {
    stream.send("end", JSON.stringify({ reason }));
    stream.end();
  };
  const deny = (denied: ReadonlyMap<LiveResource, string>): void => {
    for (const resource of options.resources) {
      const reason = denied.get(resource);
      if (reason === undefined) allowed.add(resource);
      else if (allowed.delete(resource))
        stream.send("denied", JSON.stringify({ resource, reason }));
    }
    for (const [key, change] of pending) if (!allowed.has(change.resource)) pending.delete(key);
  };
  const review = async (): Promise<void> => {
    const verdict = await options.review();
    if (stream.isClosed()) return;
    if (verdict === "signed-out") end("signed-out");
    else deny(verdict);
  };

  stream.onDrain(() => {
    clearTimeout(behind);
    behind = undefined;
    flush();
  });
  void begin();
  const heartbeat = setInterval(() => stream.send("heartbeat", "{}"), timing.heartbeatMs);
  const reviews = setInterval(() => void review(), timing.reviewMs);
  let unsubscribe = (): void => undefined;
  stream.onClose(() => {
    clearInterval(heartbeat);
    clearInterval(reviews);
    clearTimeout(window);
    clearTimeout(behind);
    unsubscribe();
  });
  return { end };

  /** Nothing is sent before the first review has passed. */
  async function begin(): Promise<void> {
    await review();
    if (stream.isClosed()) return;
    const missed =
      options.lastEventId === undefined ? undefined : hub.log.since(options.lastEventId);
    stream.send("hello", JSON.stringify({ reset: missed === undefined }), hub.log.position());
    unsubscribe = hub.subscribe(accept);
    for (const change of missed ?? []) accept(change);
    flush();
  }
}
