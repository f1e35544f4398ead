/** What a step or a whole pass came to. A throw is not an outcome: it means transient, and is retried with back-off. */
export type Outcome = Done | Waiting | Blocked;

export type Done = { readonly state: "done" };

/** Something outside has to happen first. A watch wakes the owner; `afterMs` only where nothing can be watched. */
export type Waiting = {
  readonly state: "waiting";
  readonly reason: string;
  readonly message: string;
  readonly afterMs?: number;
};

/** A person has to act. Not retried until an event says that something changed. */
export type Blocked = {
  readonly state: "blocked";
  readonly reason: string;
  readonly message: string;
};

export const done: Done = { state: "done" };

export function waiting(cause: Omit<Waiting, "state">): Waiting {
  return { state: "waiting", ...cause };
}

export function blocked(cause: Omit<Blocked, "state">): Blocked {
  return { state: "blocked", ...cause };
}
