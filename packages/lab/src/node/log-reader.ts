import { existsSync, readFileSync } from "node:fs";
import type { ContainerLog } from "./container-log.ts";

export type LogQuery = {
  readonly follow?: boolean;
  readonly tailLines?: number;
  /** Lines written before this time are left out. */
  readonly sinceMs?: number;
  readonly timestamps?: boolean;
  readonly limitBytes?: number;
  readonly signal?: AbortSignal;
};

/** The text of a log as `kubectl logs` wants it, in chunks. `live` is the open log when the container still runs. */
export async function* readLog(
  path: string,
  live: ContainerLog | undefined,
  query: LogQuery,
): AsyncGenerator<string> {
  const limit = byteLimit(query.limitBytes);
  const following = query.follow === true && live !== undefined;
  const queue = following ? lineQueue(live, query.signal) : undefined;
  try {
    // The queue is filled from before this read, and both are synchronous: no line is lost or repeated.
    for (const line of storedLines(path, query)) {
      yield limit.cut(shown(line, query));
      if (limit.isReached()) return;
    }
    if (queue === undefined) return;
    for await (const line of queue.lines()) {
      yield limit.cut(shown(line, query));
      if (limit.isReached()) return;
    }
  } finally {
    queue?.stop();
  }
}

function storedLines(path: string, query: LogQuery): string[] {
  const files = [`${path}.1`, path].filter((file) => existsSync(file));
  const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n"));
  const { sinceMs, tailLines } = query;
  const kept = lines.filter(
    (line) => line !== "" && (sinceMs === undefined || Date.parse(timeOf(line)) >= sinceMs),
  );
  return tailLines === undefined ? kept : kept.slice(Math.max(0, kept.length - tailLines));
}

function shown(line: string, query: LogQuery): string {
  const [time = "", stream = ""] = line.split(" ", 2);
  const text = line.slice(time.length + stream.length + " F ".length + 1);
  return query.timestamps === true ? `${time} ${text}\n` : `${text}\n`;
}

function timeOf(line: string): string {
  return line.slice(0, line.indexOf(" "));
}

function byteLimit(limitBytes: number | undefined): {
  cut(text: string): string;
  isReached(): boolean;
} {
  let left = limitBytes ?? Infinity;
  return {
    cut(text) {
      const bytes = Buffer.byteLength(text);
      const kept = bytes <= left ? text : Buffer.from(text).subarray(0, left).toString();
      left -= bytes;
      return kept;
    },
    isReached: () => left <= 0,
  };
}

type LineQueue = { lines(): AsyncGenerator<string>; stop(): void };

function lineQueue(log: ContainerLog, signal: AbortSignal | undefined): LineQueue {
  const waiting: string[] = [];
  let isOver = signal?.aborted === true;
  let wake = (): void => undefined;
  const finish = (): void => {
    isOver = true;
    wake();
  };
  const unfollow = log.follow({
    line(line) {
      waiting.push(line);
      wake();
    },
    end: finish,
  });
  signal?.addEventListener("abort", finish, { once: true });
  return {
    async *lines() {
      while (waiting.length > 0 || !isOver) {
        const line = waiting.shift();
        if (line !== undefined) yield line;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    stop() {
      unfollow();
      signal?.removeEventListener("abort", finish);
    },
  };
}
