import type { StoreEvent } from "./stored-entry.ts";

export type EventListener = (event: StoreEvent) => void;

/** The recent changes of one resource, for watches that resume, and who listens to the next ones. */
export class EventLog {
  #events: StoreEvent[] = [];
  #listeners = new Set<EventListener>();
  #capacity: number;
  /** Changes up to and including this revision may have been forgotten. */
  forgottenUpTo: number;

  constructor(capacity: number, startRevision: number) {
    this.#capacity = capacity;
    this.forgottenUpTo = startRevision;
  }

  append(event: StoreEvent): void {
    this.#events.push(event);
    // Trimmed in halves, so that appending stays cheap.
    if (this.#events.length > this.#capacity * 2) {
      const dropped = this.#events.splice(0, this.#events.length - this.#capacity);
      this.forgottenUpTo = dropped.at(-1)?.revision ?? this.forgottenUpTo;
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** Events after `revision`, oldest first. */
  since(revision: number): readonly StoreEvent[] {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low);
  }

  /** Forgets every event so far, as a compaction would. */
  compact(revision: number): void {
    this.#events = this.#events.filter((event) => event.revision > revision);
    this.forgottenUpTo = Math.max(this.forgottenUpTo, revision);
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
