export type BackoffOptions = { readonly minMs: number; readonly maxMs: number };

/** A server that asks for more is broken or hostile; nobody wants to be blind for longer. */
const LONGEST_WISH_MS = 120_000;

/** Growing pauses between tries, jittered so that many clients do not come back in step. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** The next pause; a server's own wish (Retry-After) is a floor up to two minutes, jitter comes on top of it. */
  nextMs(retryAfterMs = 0): number {
    const { minMs, maxMs } = this.#options;
    const ceiling = Math.min(maxMs, minMs * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    const jittered = ceiling * (0.5 + Math.random() / 2);
    const wishMs = Math.min(retryAfterMs, LONGEST_WISH_MS);
    return Math.round(wishMs > 0 ? Math.max(jittered, wishMs + Math.random() * minMs) : jittered);
  }

  /** Tries since the last success. */
  get failures(): number {
    return this.#failures;
  }

  reset(): void {
    this.#failures = 0;
  }
}
