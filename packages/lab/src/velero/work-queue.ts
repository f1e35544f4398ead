export type WorkQueueOptions = {
  /** How many keys are worked on at a time. */
  readonly concurrency: number;
  /** A throw is tried again later, with growing pauses. */
  readonly work: (key: string) => Promise<void>;
  readonly onProblem: (key: string, error: unknown) => void;
};

/** Keys waiting for work. Equal keys merge; a key added while it is worked on is worked on once more. */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failures = new Map<string, number>();
  #isClosed = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  add(key: string): void {
    if (this.#isClosed) return;
    this.#ready.add(key);
    this.#start();
  }

  /** Adds the key later; an earlier appointment of the same key is replaced. */
  addAfter(key: string, delayMs: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.add(key);
    }, delayMs);
    timer.unref();
    this.#timers.set(key, timer);
  }

  /** Takes no more keys and settles when the running ones are done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#ready.clear();
    await Promise.all(this.#running.values());
  }

  #start(): void {
    for (const key of this.#ready) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (this.#running.has(key)) continue;
      this.#ready.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#options.work(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (!this.#isClosed) this.#options.onProblem(key, error);
      this.addAfter(key, Math.min(30_000, 250 * 2 ** failures));
    } finally {
      this.#running.delete(key);
      this.#start();
    }
  }
}
