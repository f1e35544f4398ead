/** How long a key that failed waits before it is tried again. */
export type Backoff = { readonly baseMs: number; readonly maxMs: number };

type Options = { readonly backoff?: Backoff; readonly random?: () => number };

const DEFAULT_BACKOFF: Backoff = { baseMs: 200, maxMs: 60_000 };

/**
 * Keys to look at. Equal keys merge; a key is handed to one worker at a time, and one added while it is being
 * worked on is handed out once more afterwards.
 */
export class WorkQueue {
  readonly #backoff: Backoff;
  readonly #random: () => number;
  readonly #ready = new Set<string>();
  readonly #inFlight = new Set<string>();
  readonly #again = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, { readonly dueAt: number; readonly timer: NodeJS.Timeout }>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #isClosed = false;

  constructor({ backoff = DEFAULT_BACKOFF, random = Math.random }: Options = {}) {
    this.#backoff = backoff;
    this.#random = random;
  }

  /** Keys waiting for a worker. */
  get depth(): number {
    return this.#ready.size + this.#again.size;
  }

  add(key: string): void {
    if (this.#isClosed) return;
    this.#cancelTimer(key);
    if (this.#inFlight.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#ready.add(key);
    this.#serve();
  }

  /** Adds the key once the time is up; of several such wishes for one key, the earliest counts. */
  addAfter(key: string, delayMs: number): void {
    if (this.#isClosed) return;
    const dueAt = Date.now() + delayMs;
    const earlier = this.#timers.get(key);
    if (earlier && earlier.dueAt <= dueAt) return;
    this.#cancelTimer(key);
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, delayMs);
    this.#timers.set(key, { dueAt, timer });
  }

  /** Adds the key after a pause that doubles with each failure in a row. Returns the pause. */
  addAfterFailure(key: string, atLeastMs = 0): number {
    const failures = this.failures(key) + 1;
    this.#failures.set(key, failures);
    const { baseMs, maxMs } = this.#backoff;
    const pauseMs = Math.min(maxMs, baseMs * 2 ** Math.min(failures - 1, 30));
    const delayMs = Math.max(atLeastMs, pauseMs * (0.5 + this.#random() / 2));
    this.addAfter(key, delayMs);
    return delayMs;
  }

  /** Failures in a row. */
  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  /** The next key, or undefined once the queue is closed. Call `finished` when the work on it is over. */
  take(): Promise<string | undefined> {
    return new Promise((resolve) => {
      if (this.#isClosed) resolve(undefined);
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  finished(key: string): void {
    this.#inFlight.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  close(): void {
    this.#isClosed = true;
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#ready.clear();
    this.#again.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
  }

  #serve(): void {
    for (const key of this.#ready) {
      const resolve = this.#takers.shift();
      if (!resolve) return;
      this.#ready.delete(key);
      this.#inFlight.add(key);
      resolve(key);
    }
  }

  #cancelTimer(key: string): void {
    clearTimeout(this.#timers.get(key)?.timer);
    this.#timers.delete(key);
  }
}
