/** Writes the newest figures at most every `intervalMs`, and never two writes at a time. */
export class ProgressWriter<T> {
  readonly #write: (figures: T) => Promise<unknown>;
  readonly #onProblem: (error: unknown) => void;
  readonly #intervalMs: number;
  #pending: T | undefined;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastAt = 0;

  constructor(options: {
    readonly write: (figures: T) => Promise<unknown>;
    readonly onProblem: (error: unknown) => void;
    readonly intervalMs?: number;
  }) {
    this.#write = options.write;
    this.#onProblem = options.onProblem;
    this.#intervalMs = options.intervalMs ?? 500;
  }

  report(figures: T): void {
    this.#pending = figures;
    if (this.#running !== undefined || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#lastAt + this.#intervalMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#running = this.#flush();
    }, waitMs);
  }

  /** Settles when no write is under way and none will follow; what was not written yet is dropped. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = undefined;
    await this.#running;
  }

  async #flush(): Promise<void> {
    const figures = this.#pending;
    this.#pending = undefined;
    try {
      if (figures !== undefined) await this.#write(figures);
    } catch (error) {
      this.#onProblem(error);
    } finally {
      this.#lastAt = Date.now();
      this.#running = undefined;
    }
    if (this.#pending !== undefined) this.report(this.#pending);
  }
}
