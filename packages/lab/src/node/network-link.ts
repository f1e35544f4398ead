import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** How a link is. Without anything it is as fast as this machine. */
export type LinkState = {
  /** Of all connections together, both ways. */
  readonly bytesPerSecond?: number | undefined;
  /** What each piece takes longer to arrive. */
  readonly latencyMs?: number | undefined;
  /** No connection lasts, and no new one comes about. */
  readonly isCut?: boolean | undefined;
};

/** Pieces are so small that each is on its way for no longer than this. */
const pieceMs = 50;

/** What lies between the two ends of every connection that is passed on; it can be made worse while they last. */
export class NetworkLink {
  #state: LinkState = {};
  /** When the last piece so far has left. */
  #busyUntil = 0;
  readonly #open = new Set<Writable>();

  get isCut(): boolean {
    return this.#state.isCut === true;
  }

  set(state: LinkState): void {
    this.#state = state;
    this.#busyUntil = 0;
    if (this.isCut) for (const stream of this.#open) cut(stream);
  }

  /** Passes on what comes from one end to the other, the end included; does not wait for it. */
  carry(from: Readable, to: Writable): void {
    let waiting = 0;
    let tail = Promise.resolve();
    this.#open.add(to);
    to.once("close", () => this.#open.delete(to));
    from.on("data", (chunk: Buffer) => {
      if (waiting === 0 && this.#isFree) return passOn(from, to, chunk);
      from.pause();
      waiting += 1;
      tail = tail
        .then(() => this.#send(chunk, to))
        .then(() => {
          waiting -= 1;
          if (waiting === 0) from.resume();
        });
    });
    from.on("end", () => void tail.then(() => to.end()));
    // Whoever read the beginning has paused it.
    from.resume();
  }

  get #isFree(): boolean {
    return this.#state.bytesPerSecond === undefined && this.#state.latencyMs === undefined;
  }

  /** The next chunk waits for this one, as in a connection whose window holds one. */
  async #send(chunk: Buffer, to: Writable): Promise<void> {
    for (let at = 0; at < chunk.length;) {
      const { bytesPerSecond: rate = Infinity } = this.#state;
      const size = Math.max(1, Math.min(chunk.length - at, Math.floor((rate * pieceMs) / 1000)));
      await this.#take(size, rate);
      if (to.destroyed) return;
      to.write(chunk.subarray(at, at + size));
      at += size;
    }
  }

  async #take(sizeBytes: number, rate: number): Promise<void> {
    const now = performance.now();
    const begin = Math.max(now, this.#busyUntil);
    this.#busyUntil = begin + (sizeBytes / rate) * 1000;
    const waitMs = this.#busyUntil - now + (this.#state.latencyMs ?? 0);
    if (waitMs > 0) await sleep(waitMs);
  }
}

/** A connection that just ended would look whole. */
function cut(stream: Writable): void {
  if (stream instanceof Socket) stream.resetAndDestroy();
  else stream.destroy();
}

function passOn(from: Readable, to: Writable, chunk: Buffer): void {
  if (to.write(chunk)) return;
  from.pause();
  to.once("drain", () => from.resume());
}
