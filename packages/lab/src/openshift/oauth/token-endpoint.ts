import { createHash } from "node:crypto";
import { OAuthClient } from "@drover/crds";
import { tokenLifeSeconds } from "./access-tokens.ts";
import type { Grant } from "./authorization-codes.ts";
import { sameText } from "./csrf.ts";
import { readForm, sendJson, type Exchange, type OAuthScope } from "./exchange.ts";
import { ensureUser } from "./users.ts";

type ClientClaim = { readonly id: string; readonly secret: string };

function decodeForm(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? "";
}

/** RFC 6749 2.3.1: Basic with both halves form-encoded, or both in the body. */
function readClientClaim({ request }: Exchange, form: URLSearchParams): ClientClaim {
  const basic = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (basic === undefined) {
    return { id: form.get("client_id") ?? "", secret: form.get("client_secret") ?? "" };
  }
  const text = Buffer.from(basic, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return { id: decodeForm(text.slice(0, colon)), secret: decodeForm(text.slice(colon + 1)) };
}

async function isClient(scope: OAuthScope, { id, secret }: ClientClaim): Promise<boolean> {
  if (!/^[a-z0-9.-]{1,253}$/.test(id)) return false;
  const client = await scope.cluster.find(OAuthClient, { name: id });
  if (client === undefined) return false;
  const secrets = [client.secret, ...(client.additionalSecrets ?? [])];
  return secrets.some((known) => known !== undefined && known !== "" && sameText(known, secret));
}

function matches(grant: Grant, client: ClientClaim, form: URLSearchParams): boolean {
  const verifier = form.get("code_verifier") ?? "";
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  return (
    grant.clientName === client.id &&
    grant.redirectUri === form.get("redirect_uri") &&
    sameText(grant.codeChallenge, challenge)
  );
}

function refuse(exchange: Exchange, error: string, description: string): void {
  const status = error === "invalid_client" ? 401 : 400;
  if (status === 401) exchange.response.setHeader("www-authenticate", 'Basic realm="oauth"');
  sendJson(exchange, status, { error, error_description: description });
}

/** `/oauth/token`: a code and its verifier for a token. */
export async function tokenEndpoint(scope: OAuthScope, exchange: Exchange): Promise<void> {
  const form = await readForm(exchange.request);
  const client = readClientClaim(exchange, form);
  if (!(await isClient(scope, client))) {
    refuse(exchange, "invalid_client", "The client's id or secret is wrong.");
    return;
  }
  if (form.get("grant_type") !== "authorization_code") {
    refuse(exchange, "unsupported_grant_type", "Only authorization_code is served.");
    return;
  }
  const code = form.get("code") ?? "";
  const redeemed = scope.codes.redeem(code);
  if (!("grant" in redeemed)) {
    if (redeemed.revoke !== undefined) await scope.tokens.revoke(redeemed.revoke);
    refuse(exchange, "invalid_grant", "The code is unknown, used or older than a minute.");
    return;
  }
  const { grant } = redeemed;
  const account = scope.accounts.find(({ username }) => username === grant.username);
  if (account === undefined || !matches(grant, client, form)) {
    refuse(exchange, "invalid_grant", "The code was not given for this request.");
    return;
  }
  const user = await ensureUser(scope.cluster, account);
  const { token, name } = await scope.tokens.issue(grant, user);
  scope.codes.remember(code, name);
  sendJson(exchange, 200, {
    access_token: token,
    token_type: "Bearer",
    expires_in: tokenLifeSeconds,
    scope: grant.scope,
  });
}
