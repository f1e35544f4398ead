import { createHash, randomBytes } from "node:crypto";
import { OAuthAccessToken, type User } from "@drover/crds";
import { liveStore, type Cluster, type LiveStore } from "@drover/kube";
import type { Grant } from "./authorization-codes.ts";

const prefix = "sha256~";

/** How long a token is good, as on a stock cluster. */
export const tokenLifeSeconds = 86_400;

/** The name under which a token is kept: its hash, so that the objects do not give tokens away. */
export function tokenName(token: string): string {
  const secret = token.slice(prefix.length);
  return prefix + createHash("sha256").update(secret).digest("base64url");
}

function expiresAt(token: OAuthAccessToken): number {
  const made = Date.parse(token.metadata.creationTimestamp ?? "");
  return made + (token.expiresIn ?? 0) * 1000;
}

/** Tokens of the cluster, known by hash only. A watch keeps the known ones at hand and forgets deleted ones. */
export class AccessTokens {
  readonly #cluster: Cluster;
  readonly #store: LiveStore<OAuthAccessToken>;
  readonly #now: () => number;

  constructor(cluster: Cluster, now: () => number = Date.now) {
    this.#cluster = cluster;
    this.#now = now;
    this.#store = liveStore(cluster, OAuthAccessToken);
  }

  get ready(): Promise<void> {
    return this.#store.ready;
  }

  /** Makes a token for a person and returns it; only its hash is kept. */
  async issue(grant: Grant, user: User): Promise<{ token: string; name: string }> {
    const token = prefix + randomBytes(32).toString("base64url");
    const name = tokenName(token);
    await this.#cluster.create(OAuthAccessToken, {
      apiVersion: "oauth.openshift.io/v1",
      kind: "OAuthAccessToken",
      metadata: { name },
      clientName: grant.clientName,
      userName: grant.username,
      userUID: user.metadata.uid ?? "",
      redirectURI: grant.redirectUri,
      scopes: [grant.scope],
      expiresIn: tokenLifeSeconds,
    });
    await this.#removeExpired();
    return { token, name };
  }

  /** The object of a token that is good now. */
  async find(token: string): Promise<OAuthAccessToken | undefined> {
    if (!/^sha256~[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
    const name = tokenName(token);
    const found =
      this.#store.get({ name }) ?? (await this.#cluster.find(OAuthAccessToken, { name }));
    if (found === undefined || expiresAt(found) <= this.#now()) return undefined;
    return found.metadata.deletionTimestamp === undefined ? found : undefined;
  }

  async revoke(name: string): Promise<void> {
    await this.#cluster.delete(OAuthAccessToken, { name });
  }

  close(): void {
    this.#store.close();
  }

  async #removeExpired(): Promise<void> {
    const expired = this.#store.list().filter((token) => expiresAt(token) <= this.#now());
    for (const token of expired.slice(0, 100)) await this.revoke(token.metadata.name ?? "");
  }
}
