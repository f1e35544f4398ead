import { createHash } from "node:crypto";
import type { ClusterConnection } from "@drover/kube";
import * as oauth from "openid-client";
import { Agent, fetch } from "undici";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import type { OAuthClient } from "../config.ts";

export type SignInRequest = {
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
};

export type Grant = { readonly token: string; readonly lifetimeSeconds: number | undefined };

/** The OAuth server of the host cluster, as its API server names it. */
export type OAuthServer = {
  readonly authorizationUrl: (request: SignInRequest) => Promise<URL>;
  readonly redeem: (callback: URL, request: SignInRequest) => Promise<Grant>;
  readonly close: () => Promise<void>;
};

const Discovery = z.looseObject({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
});

const rediscoverAfterMs = 5 * 60_000;
const timeoutMs = 10_000;

export function randomSignInSecrets(): Omit<SignInRequest, "redirectUri"> {
  return { state: oauth.randomState(), codeVerifier: oauth.randomPKCECodeVerifier() };
}

/** OpenShift names a token's object after the hash of its secret part. */
export function accessTokenName(token: string): string {
  const secret = token.replace(/^sha256~/, "");
  return `sha256~${createHash("sha256").update(secret).digest("base64url")}`;
}

export function openOAuthServer(host: ClusterConnection, client: () => OAuthClient): OAuthServer {
  const dispatcher = new Agent({
    connect: {
      ...(host.caPem === undefined ? {} : { ca: host.caPem }),
      rejectUnauthorized: host.insecure !== true,
    },
  });
  let known: { readonly configuration: oauth.Configuration; readonly at: number } | undefined;

  const readDiscovery = async (): Promise<z.infer<typeof Discovery>> => {
    const url = new URL("/.well-known/oauth-authorization-server", host.url);
    const response = await fetch(url, {
      dispatcher,
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw new AppError(
        "CLUSTER_UNREACHABLE",
        `${url.href} cannot be read, so nobody can sign in.`,
        {
          cause,
        },
      );
    });
    if (!response.ok)
      throw new AppError(
        "CLUSTER_REFUSED",
        `${url.href} answered ${response.status}: this cluster names no OAuth server to sign in with.`,
      );
    return Discovery.parse(await response.json());
  };

  // The document lies on the API server while its issuer is the OAuth route, which openid-client's own discovery refuses.
  const configuration = async (): Promise<oauth.Configuration> => {
    if (known !== undefined && Date.now() - known.at < rediscoverAfterMs)
      return known.configuration;
    const metadata = await readDiscovery();
    const { clientId, clientSecret } = client();
    const fresh = new oauth.Configuration(
      metadata as oauth.ServerMetadata,
      clientId,
      undefined,
      oauth.ClientSecretBasic(clientSecret),
    );
    fresh.timeout = timeoutMs / 1000;
    fresh[oauth.customFetch] = (url, options) =>
      fetch(url, { ...(options as object), dispatcher }) as unknown as Promise<Response>;
    if (metadata.token_endpoint.startsWith("http:")) oauth.allowInsecureRequests(fresh);
    known = { configuration: fresh, at: Date.now() };
    return fresh;
  };

  return {
    authorizationUrl: async ({ redirectUri, state, codeVerifier }) =>
      oauth.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: "user:full",
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
      }),
    redeem: async (callback, { state, codeVerifier }) => {
      const tokens = await oauth.authorizationCodeGrant(await configuration(), callback, {
        expectedState: state,
        pkceCodeVerifier: codeVerifier,
      });
      return { token: tokens.access_token, lifetimeSeconds: tokens.expiresIn() };
    },
    close: () => dispatcher.close(),
  };
}
