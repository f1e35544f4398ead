import type { IncomingMessage, ServerResponse } from "node:http";
import type { Unreachable } from "./fault-settings.ts";

/** How a service that should answer over HTTP misbehaves now, and who wants to know when that changes. */
export class Reachability {
  #answer: Unreachable | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #hanging = new Set<ServerResponse>();

  /** Requests so far that were not answered as usual. Who is refused a connection sends none. */
  turnedAway = 0;

  /** No connection comes about. */
  get isRefused(): boolean {
    return this.#answer === "refused";
  }

  set(answer: Unreachable | undefined): void {
    if (answer === this.#answer) return;
    this.#answer = answer;
    // Whoever still waits is not left waiting for ever.
    for (const response of this.#hanging) response.destroy();
    this.#hanging.clear();
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Deals with a request that is not to be answered as usual, and says whether it did. */
  intercept(message: IncomingMessage, response: ServerResponse): boolean {
    if (this.#answer === undefined) return false;
    message.resume();
    this.turnedAway += 1;
    if (this.#answer === "refused") response.destroy();
    if (this.#answer === "hanging") this.#hanging.add(response);
    if (this.#answer === "unavailable") {
      response.writeHead(503, { "content-type": "text/plain", "retry-after": "1" });
      response.end("This service is unavailable, as the lab was told.\n");
    }
    return true;
  }
}
