import { setTimeout as sleep } from "node:timers/promises";

/** Works through keys: equal keys merge, one key is worked on by one pass at a time, failures come back later. */
export type KeyQueue = {
  add(key: string): void;
  /** Adds the key after a while, unless it is added sooner. */
  addAfter(key: string, delayMs: number): void;
  /** Stops and waits for the passes that run. */
  close(): Promise<void>;
};

export type KeyQueueOptions = {
  /** Returns after how many milliseconds it wants to look again, if at all. */
  readonly work: (key: string) => Promise<number | undefined>;
  readonly onFailure: (key: string, error: unknown) => void;
  readonly concurrency?: number;
};

const firstRetryMs = 20;
const lastRetryMs = 10_000;

export function keyQueue({ work, onFailure, concurrency = 8 }: KeyQueueOptions): KeyQueue {
  const ready = new Set<string>();
  const running = new Set<string>();
  const later = new Map<string, AbortController>();
  const failures = new Map<string, number>();
  let isClosed = false;
  let idle = Promise.withResolvers<void>();

  const add = (key: string): void => {
    if (isClosed) return;
    ready.add(key);
    start();
  };
  const addAfter = (key: string, delayMs: number): void => {
    if (isClosed) return;
    later.get(key)?.abort();
    const timer = new AbortController();
    later.set(key, timer);
    const due = (): void => {
      if (later.get(key) === timer) later.delete(key);
      add(key);
    };
    sleep(Math.min(delayMs, 2 ** 31 - 1), undefined, { signal: timer.signal, ref: false }).then(
      due,
      () => undefined,
    );
  };
  const pass = async (key: string): Promise<void> => {
    try {
      const againMs = await work(key);
      failures.delete(key);
      if (againMs !== undefined) addAfter(key, againMs);
    } catch (error) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      if (!isClosed) onFailure(key, error);
      addAfter(key, Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(count, 16)));
    }
  };
  const start = (): void => {
    for (const key of ready) {
      if (running.size >= concurrency) return;
      if (running.has(key)) continue;
      ready.delete(key);
      running.add(key);
      void pass(key).finally(() => {
        running.delete(key);
        if (running.size === 0) idle.resolve();
        if (!isClosed) start();
      });
    }
  };
  return {
    add,
    addAfter,
    async close() {
      isClosed = true;
      ready.clear();
      for (const timer of later.values()) timer.abort();
      idle = Promise.withResolvers<void>();
      if (running.size > 0) await idle.promise;
    },
  };
}
