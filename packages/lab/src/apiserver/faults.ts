import type { ServerResponse } from "node:http";
import type { UserInfo } from "./auth/user-info.ts";

/** What a fault may look at when it decides. */
export type FaultRequest = {
  readonly method: string;
  readonly path: string;
  /** `create`, `watch`, …; undefined outside the resources. */
  readonly verb: string | undefined;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly user: UserInfo;
};

/** What goes wrong with a request. */
export type Fault =
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Answers with this code instead of doing anything. */
  | { readonly kind: "refuse"; readonly code: 409 | 429 | 500 | 503 }
  /** Does the work, then cuts the connection before the answer. */
  | { readonly kind: "lose-answer" }
  /** Cuts the connection without doing anything. */
  | { readonly kind: "cut" }
  /** For watches: cuts the stream after so many milliseconds. */
  | { readonly kind: "cut-after"; readonly milliseconds: number }
  /** For lists: answers as things were so many changes ago, like a server that lags behind. */
  | { readonly kind: "stale"; readonly changes: number };

/** Asked before each authorized request; undefined lets it pass. Count writes in here to fail the nth. */
export type Faults = {
  decide(request: FaultRequest): Fault | undefined;
  /** Told about each watch when it begins. */
  readonly watchOpened?: (response: ServerResponse) => void;
  /** Asked for each event of each watch: how much later it is sent. */
  readonly watchDelayMs?: () => number;
};

/** Of a server to whose requests nothing happens. */
export const noFaults: Faults = { decide: () => undefined };

/** Faults that fail the nth write (counted from 1) of those that match. */
export function failNthWrite(
  nth: number,
  fault: Fault,
  matches: (request: FaultRequest) => boolean = () => true,
): Faults {
  let count = 0;
  return {
    decide(request) {
      if (!WRITES.has(request.verb ?? "") || !matches(request)) return undefined;
      count += 1;
      return count === nth ? fault : undefined;
    },
  };
}

const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);
