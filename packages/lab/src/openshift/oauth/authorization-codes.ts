import { createHash, randomBytes } from "node:crypto";

const lifeMs = 60_000;
const maxCodes = 10_000;

/** What a code stands for. */
export type Grant = {
  readonly username: string;
  readonly clientName: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly scope: string;
};

type Entry = { readonly grant: Grant; readonly expires: number; tokenName?: string; used: boolean };

/** Codes given to browsers, each good for one exchange within a minute. They are kept in memory: losing them costs one more sign-in. */
export class AuthorizationCodes {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(grant: Grant): string {
    this.#sweep();
    const code = randomBytes(32).toString("base64url");
    this.#entries.set(hash(code), { grant, expires: this.#now() + lifeMs, used: false });
    return code;
  }

  /**
   * The grant of a code, once. A second use says someone else has the code too: it gives the name of the token
   * that the first use led to, so that the caller revokes it.
   */
  redeem(code: string): { readonly grant: Grant } | { readonly revoke?: string } {
    const entry = this.#entries.get(hash(code));
    if (entry === undefined || entry.expires < this.#now()) return {};
    if (entry.used) return entry.tokenName === undefined ? {} : { revoke: entry.tokenName };
    entry.used = true;
    return { grant: entry.grant };
  }

  /** Remembers which token a code led to. */
  remember(code: string, tokenName: string): void {
    const entry = this.#entries.get(hash(code));
    if (entry) entry.tokenName = tokenName;
  }

  #sweep(): void {
    const now = this.#now();
    for (const [key, entry] of this.#entries) {
      if (entry.expires >= now && this.#entries.size < maxCodes) return;
      this.#entries.delete(key);
    }
  }
}

function hash(code: string): string {
  return createHash("sha256").update(code).digest("base64url");
}
