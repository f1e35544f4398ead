import { createHash, randomBytes } from "node:crypto";
import { OAuthAccessToken, type User } from "@drover/crds";
import { liveStore, type Cluster, type LiveStore } from "@drover/kube";
import type { Grant } from "./authorization-codes.ts";

const prefix = "sha256~";

/** How long a token is good, as on a stock cluster. */
export const tokenLifeSeconds = 86_400;

/** A token's name, as OpenShift computes it: its hash, so that the name does not give the token away. */
export function tokenName(token: string): string {
  const secret = token.slice(prefix.length);
  return prefix + createHash("sha256").update(secret).digest("base64url");
}

/**
 * The name a token is stored under. Objects of a CustomResourceDefinition may have neither a tilde nor capitals in
 * their names, so the same hash is spelled in hex. Undefined when this cannot be a token's name.
 */
export function storedName(name: string): string | undefined {
  if (!/^sha256~[A-Za-z0-9_-]{43}$/.test(name)) return undefined;
  return `sha256-${Buffer.from(name.slice(prefix.length), "base64url").toString("hex")}`;
}

/** The token's name from the name it is stored under. */
export function tokenNameFromStored(stored: string): string {
  return prefix + Buffer.from(stored.slice("sha256-".length), "hex").toString("base64url");
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
    const name = storedName(tokenName(token)) ?? "";
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
    const name = storedName(tokenName(token)) ?? "";
    const found =
      this.#store.get({ name }) ?? (await this.#cluster.find(OAuthAccessToken, { name }));
    if (found === undefined || expiresAt(found) <= this.#now()) return undefined;
    return found.metadata.deletionTimestamp === undefined ? found : undefined;
  }

  /** `name` is the one the token is stored under. */
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
