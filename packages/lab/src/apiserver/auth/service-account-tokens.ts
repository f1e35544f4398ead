import { randomUUID } from "node:crypto";
import { at, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { TokenKeys } from "./token-keys.ts";
import type { UserInfo } from "./user-info.ts";

export const ISSUER = "https://kubernetes.default.svc.cluster.local";
const LEGACY_ISSUER = "kubernetes/serviceaccount";

export type TokenRequest = {
  readonly account: ApiObject;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** The Pod or Secret whose deletion ends the token. */
  readonly boundTo:
    { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
};

/** As much of a ServiceAccount as a token says of it. */
export type AccountIdentity = {
  readonly metadata: {
    readonly name?: string | undefined;
    readonly namespace?: string | undefined;
    readonly uid?: string | undefined;
  };
};

/** The lasting token of a `kubernetes.io/service-account-token` Secret, signed with these keys. */
export function legacyToken(keys: TokenKeys, account: AccountIdentity, secretName: string): string {
  const { namespace = "", name = "", uid } = account.metadata;
  return keys.sign({
    iss: LEGACY_ISSUER,
    "kubernetes.io/serviceaccount/namespace": namespace,
    "kubernetes.io/serviceaccount/secret.name": secretName,
    "kubernetes.io/serviceaccount/service-account.name": name,
    "kubernetes.io/serviceaccount/service-account.uid": uid,
    sub: usernameOf(namespace, name),
  });
}

/** Issues and recognises the tokens of service accounts. */
export class ServiceAccountTokens {
  #keys: TokenKeys;
  #store: ObjectStore;
  #now: () => Date;

  constructor(keys: TokenKeys, store: ObjectStore, now: () => Date) {
    this.#keys = keys;
    this.#store = store;
    this.#now = now;
  }

  /** A token that expires, for one account object. */
  issue(request: TokenRequest): { readonly token: string; readonly expires: Date } {
    const { account, boundTo } = request;
    const issued = Math.floor(this.#now().getTime() / 1000);
    const expires = issued + request.expirationSeconds;
    const { namespace = "", name, uid } = account.metadata;
    const bound =
      boundTo === undefined
        ? {}
        : { [boundTo.kind.toLowerCase()]: { name: boundTo.name, uid: boundTo.uid } };
    const token = this.#keys.sign({
      aud: request.audiences.length === 0 ? [ISSUER] : request.audiences,
      exp: expires,
      iat: issued,
      iss: ISSUER,
      jti: randomUUID(),
      "kubernetes.io": { namespace, ...bound, serviceaccount: { name, uid } },
      nbf: issued,
      sub: usernameOf(namespace, name),
    });
    return { token, expires: new Date(expires * 1000) };
  }

  /** The lasting token of a `kubernetes.io/service-account-token` Secret; it ends with the Secret. */
  issueLegacy(account: AccountIdentity, secretName: string): string {
    return legacyToken(this.#keys, account, secretName);
  }

  /** Who a token speaks for; undefined when it is not ours, expired, for others, or its account is gone. */
  read(token: string, audiences: readonly string[] = [ISSUER]): UserInfo | undefined {
    const claims = this.#keys.verify(token);
    if (claims === undefined) return undefined;
    if (claims["iss"] === LEGACY_ISSUER) return this.#readLegacy(claims);
    return this.#isFor(claims, audiences) ? this.#readBound(claims) : undefined;
  }

  #readBound(claims: Fields): UserInfo | undefined {
    const own = fieldsOf(claims["kubernetes.io"]);
    const namespace = textOf(own["namespace"]) ?? "";
    if (!this.#isBoundObjectThere(own, namespace)) return undefined;
    const name = textOf(at(own, "serviceaccount", "name")) ?? "";
    const user = this.#accountUser(namespace, name, at(own, "serviceaccount", "uid"));
    const pod = fieldsOf(own["pod"]);
    if (user === undefined || pod["name"] === undefined) return user;
    const extra = {
      "authentication.kubernetes.io/pod-name": [String(pod["name"])],
      "authentication.kubernetes.io/pod-uid": [String(pod["uid"])],
    };
    return { ...user, extra };
  }

  #isFor(claims: Fields, audiences: readonly string[]): boolean {
    const named = listOf(claims["aud"]);
    const isAudience = audiences.some((audience) => named.includes(audience));
    return claims["iss"] === ISSUER && isAudience && this.#isInTime(claims);
  }

  #isInTime(claims: Fields): boolean {
    const now = this.#now().getTime() / 1000;
    const expires = numberOf(claims["exp"]) ?? 0;
    const starts = numberOf(claims["nbf"]) ?? 0;
    return now < expires && now >= starts - 60;
  }

  #isBoundObjectThere(own: Fields, namespace: string): boolean {
    for (const [kind, storage] of [
      ["pod", "pods"],
      ["secret", "secrets"],
    ] as const) {
      const reference = fieldsOf(own[kind]);
      const name = textOf(reference["name"]);
      if (name === undefined) continue;
      const entry = this.#store.find(storage, namespace, name);
      if (entry?.object.metadata.uid !== reference["uid"]) return false;
    }
    return true;
  }

  #readLegacy(claims: Fields): UserInfo | undefined {
    const field = (name: string): string =>
      textOf(claims[`kubernetes.io/serviceaccount/${name}`]) ?? "";
    const namespace = field("namespace");
    const secret = this.#store.find("secrets", namespace, field("secret.name"));
    if (secret === undefined) return undefined;
    return this.#accountUser(
      namespace,
      field("service-account.name"),
      field("service-account.uid"),
    );
  }

  #accountUser(namespace: string, name: string, uid: unknown): UserInfo | undefined {
    const account = this.#store.find("serviceaccounts", namespace, name)?.object;
    if (account === undefined || account.metadata.uid !== uid) return undefined;
    return {
      username: usernameOf(namespace, name),
      uid: String(uid),
      groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`],
    };
  }
}

export function usernameOf(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}
