import { expired } from "../http/status-error.ts";
import { badRequest } from "../http/status-error.ts";
import type { StoredEntry } from "../store/stored-entry.ts";

type Snapshot = { readonly entries: readonly StoredEntry[]; readonly takenAt: number };

/** Where a paged list goes on: at which revision, after which key. */
export type Continuation = { readonly revision: number; readonly after: string };

const KEPT = 64;

/**
 * Lists in progress. A page list is answered from the objects as they were at its first page, and expires
 * after a while, as it does when a real server's database is compacted.
 */
export class Snapshots {
  #lifetimeMs: number;
  #now: () => Date;
  #byKey = new Map<string, Snapshot>();

  constructor(lifetimeMs: number, now: () => Date) {
    this.#lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  keep(scope: string, revision: number, entries: readonly StoredEntry[]): void {
    const key = `${scope}@${revision}`;
    this.#byKey.delete(key);
    this.#byKey.set(key, { entries, takenAt: this.#now().getTime() });
    for (const old of this.#byKey.keys()) {
      if (this.#byKey.size <= KEPT) break;
      this.#byKey.delete(old);
    }
  }

  /** The objects of a list in progress; undefined when it is too old to go on consistently. */
  find(scope: string, revision: number): readonly StoredEntry[] | undefined {
    const key = `${scope}@${revision}`;
    const snapshot = this.#byKey.get(key);
    if (snapshot === undefined) return undefined;
    if (this.#now().getTime() - snapshot.takenAt <= this.#lifetimeMs) return snapshot.entries;
    this.#byKey.delete(key);
    return undefined;
  }

  /** Makes every list in progress expire now. */
  expireAll(): void {
    this.#byKey.clear();
  }
}

export function encodeContinue(continuation: Continuation): string {
  const token = {
    v: "meta.k8s.io/v1",
    rv: continuation.revision,
    start: `${continuation.after}\0`,
  };
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** Reads a token of ours; a revision of -1 means that consistency was given up. */
export function decodeContinue(token: string): Continuation {
  const problem = badRequest(
    "continue key is not valid: the token was not issued by this server for this list",
  );
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch (error) {
    throw Object.assign(problem, { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null) throw problem;
  const { rv, start } = parsed as { readonly rv?: unknown; readonly start?: unknown };
  if (typeof rv !== "number" || typeof start !== "string" || !start.endsWith("\0")) throw problem;
  return { revision: rv, after: start.slice(0, -1) };
}

const EXPIRED =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

/** The 410 of a list that is too old, with a token to go on without consistency. */
export function listExpired(continuation: Continuation): Error {
  const error = expired(EXPIRED);
  error.continueToken = encodeContinue({ revision: -1, after: continuation.after });
  return error;
}
