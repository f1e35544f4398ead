import type { StoreFaults } from "./fault-settings.ts";
import { Reachability } from "./unreachable.ts";

/** What is wrong with the object store now. */
export class ObjectStoreFaults {
  readonly reachability = new Reachability();
  #state: StoreFaults = {};

  set(state: StoreFaults): void {
    this.#state = state;
    this.reachability.set(state.answer);
  }

  get isFull(): boolean {
    return this.#state.isFull === true;
  }

  /** How long each request waits before anything is done about it. */
  get delayMs(): number {
    return this.#state.delayMs ?? 0;
  }

  /** A moment as the store's clock shows it. */
  at(moment: Date): Date {
    return new Date(moment.getTime() + (this.#state.clockSkewSeconds ?? 0) * 1000);
  }
}
