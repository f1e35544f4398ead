/** One abort signal out of a time limit and any number of callers' signals; `release` lets go of them all. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(timeoutMs: number | undefined, sources: readonly (AbortSignal | undefined)[]) {
    this.#sources = sources.filter((source) => source !== undefined);
    for (const source of this.#sources) {
      if (source.aborted) this.#controller.abort(source.reason);
      else source.addEventListener("abort", this.#forward, { once: true });
    }
    if (timeoutMs !== undefined) this.#timer = setTimeout(this.#expire, timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when the time limit, not a caller, ended it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  stopClock(): void {
    clearTimeout(this.#timer);
  }

  release(): void {
    this.stopClock();
    for (const source of this.#sources) source.removeEventListener("abort", this.#forward);
  }

  readonly #forward = (event: Event): void => {
    const source = this.#sources.find((candidate) => candidate === event.target);
    this.#controller.abort(source?.reason);
  };

  readonly #expire = (): void => {
    if (this.#controller.signal.aborted) return;
    this.#isOver = true;
    this.#controller.abort();
  };
}
