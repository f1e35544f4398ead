import type { OAuthClient } from "@drover/crds";

/** A request to sign someone in for a client, checked. */
export type AuthorizeRequest = {
  readonly clientName: string;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly codeChallenge: string;
  readonly scope: string;
};

/** Why a request is not followed. With `redirectTo` the client is told; without, only the person can be. */
export type Refusal = { readonly message: string; readonly redirectTo?: string };

export type ParsedAuthorize =
  { readonly request: AuthorizeRequest } | { readonly refusal: Refusal };

/** An address of the client with answer parameters added. */
export function redirectWith(
  redirectUri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) target.searchParams.set(name, value);
  }
  return target.href;
}

function problem(query: URLSearchParams): { error: string; message: string } | undefined {
  if (query.get("response_type") !== "code") {
    return { error: "unsupported_response_type", message: "Only response_type=code is served." };
  }
  const challenge = query.get("code_challenge") ?? "";
  if (query.get("code_challenge_method") !== "S256" || !/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    return { error: "invalid_request", message: "A code_challenge by method S256 is needed." };
  }
  const scope = query.get("scope") ?? "user:full";
  if (scope !== "user:full") {
    return { error: "invalid_scope", message: "The only scope given here is user:full." };
  }
  return undefined;
}

/** Checks the query of an authorize request against the client it names. */
export function parseAuthorize(
  query: URLSearchParams,
  client: OAuthClient | undefined,
): ParsedAuthorize {
  if (client === undefined) {
    const named = query.get("client_id") ?? "";
    return { refusal: { message: `The application "${named}" is not known to this server.` } };
  }
  const { metadata, redirectURIs = [] } = client;
  const clientName = metadata.name ?? "";
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!redirectURIs.includes(redirectUri)) {
    const message = `The application "${clientName}" is not registered for the address "${redirectUri}". Add it to redirectURIs of the OAuthClient.`;
    return { refusal: { message } };
  }
  const state = query.get("state") ?? undefined;
  const wrong = problem(query);
  if (wrong !== undefined) {
    const { error, message } = wrong;
    const redirectTo = redirectWith(redirectUri, { error, error_description: message, state });
    return { refusal: { message, redirectTo } };
  }
  return {
    request: {
      clientName,
      redirectUri,
      state,
      codeChallenge: query.get("code_challenge") ?? "",
      scope: "user:full",
    },
  };
}
