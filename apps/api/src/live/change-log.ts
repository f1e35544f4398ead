import { randomBytes } from "node:crypto";
import type { LiveChange, LiveResource } from "@drover/contract";
import type { KubeObject } from "@drover/crds";

/** One change as every stream sends it. Turned into text once, however many tabs are open. */
export type LoggedChange = {
  readonly sequence: number;
  readonly resource: LiveResource;
  readonly name: string;
  readonly json: () => string;
};

/** The last changes of all resources, for readers that come back. */
export type ChangeLog = {
  readonly record: (
    resource: LiveResource,
    type: LiveChange["type"],
    object: KubeObject,
  ) => LoggedChange;
  /** Where a reader that has seen everything stands. */
  readonly position: () => string;
  readonly positionOf: (sequence: number) => string;
  /** What came after a position; undefined when that is not known any more, or came from another process. */
  readonly since: (position: string) => readonly LoggedChange[] | undefined;
};

function once(compute: () => string): () => string {
  let text: string | undefined;
  return () => (text ??= compute());
}

export function openChangeLog(capacity = 5000): ChangeLog {
  // A position of another process, or of this one before its restart, must not be mistaken for ours.
  const epoch = randomBytes(6).toString("base64url");
  const changes: LoggedChange[] = [];
  let sequence = 0;

  const positionOf = (at: number): string => `${epoch}.${at}`;
  return {
    record: (resource, type, object) => {
      const name = object.metadata.name ?? "";
      sequence += 1;
      const change = type === "upsert" ? { type, resource, object } : { type, resource, name };
      const logged = { sequence, resource, name, json: once(() => JSON.stringify(change)) };
      changes.push(logged);
      if (changes.length > capacity) changes.splice(0, changes.length - capacity);
      return logged;
    },
    position: () => positionOf(sequence),
    positionOf,
    since: (position) => {
      const [givenEpoch, givenSequence] = position.split(".");
      const at = Number(givenSequence);
      if (givenEpoch !== epoch || !Number.isInteger(at) || at > sequence) return undefined;
      const oldest = changes[0]?.sequence ?? sequence + 1;
      return at + 1 < oldest ? undefined : changes.slice(changes.length - (sequence - at));
    },
  };
}
