import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cluster } from "@drover/kube";
import { pino, type Logger } from "pino";
import type { Account } from "../account.ts";
import { AccessTokens } from "./access-tokens.ts";
import { AuthorizationCodes } from "./authorization-codes.ts";
import { authorizeEndpoint } from "./authorize-endpoint.ts";
import { CsrfGuard } from "./csrf.ts";
import { BadForm, sendJson, type Exchange, type OAuthScope } from "./exchange.ts";
import { clientId, ensureOAuthClient } from "./oauth-client.ts";
import { tokenEndpoint } from "./token-endpoint.ts";

/** Who a token belongs to, as the API server's authenticator wants it. */
export type UserInfo = {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
};

export type OAuthServerOptions = {
  /** The cluster as admin: users, clients and tokens are objects there. */
  readonly cluster: Cluster;
  /** 0 for any free port. Listens on 127.0.0.1 only. */
  readonly port: number;
  readonly accounts: readonly Account[];
  /** Keeps `oauth-client-secret` (made at first start), readable by the owner only. */
  readonly dataDir: string;
  /** Redirect URIs of the OAuthClient `drover`. */
  readonly redirectUris: readonly string[];
  readonly now?: () => number;
  readonly logger?: Logger;
};

export type OAuthServer = {
  /** `http://127.0.0.1:<port>` */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Undefined when the token is not one of ours, expired or revoked. */
  authenticateToken(token: string): Promise<UserInfo | undefined>;
  /** The document for `/.well-known/oauth-authorization-server`. */
  wellKnown(): Record<string, unknown>;
  close(): Promise<void>;
};

type Endpoint = (scope: OAuthScope, exchange: Exchange) => Promise<void>;

const endpoints: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  "/oauth/authorize": { GET: authorizeEndpoint, POST: authorizeEndpoint },
  "/oauth/token": { POST: tokenEndpoint },
  "/.well-known/oauth-authorization-server": {
    GET: async (scope, exchange) => sendJson(exchange, 200, metadata(scope.issuer)),
  },
  "/healthz": { GET: async (_scope, exchange) => sendJson(exchange, 200, { status: "ok" }) },
};

function metadata(issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    scopes_supported: ["user:full"],
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  };
}

async function answer(scope: OAuthScope, exchange: Exchange): Promise<void> {
  const methods = endpoints[exchange.url.pathname];
  if (methods === undefined) {
    sendJson(exchange, 404, { error: "not_found", error_description: "There is nothing here." });
    return;
  }
  const endpoint = methods[exchange.request.method ?? ""];
  if (endpoint === undefined) {
    exchange.response.setHeader("allow", Object.keys(methods).join(", "));
    sendJson(exchange, 405, { error: "invalid_request", error_description: "Wrong method." });
    return;
  }
  await endpoint(scope, exchange);
}

function handler(scope: OAuthScope, logger: Logger) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const base = { request, response };
    try {
      const url = new URL(request.url ?? "/", scope.issuer);
      await answer(scope, { ...base, url });
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const exchange = { ...base, url: new URL(scope.issuer) };
      if (error instanceof BadForm) {
        const description = { error: "invalid_request", error_description: error.message };
        sendJson(exchange, 400, description);
        return;
      }
      logger.error({ err: error }, "A request to the OAuth server failed");
      sendJson(exchange, 500, {
        error: "server_error",
        error_description: "The OAuth server failed. The lab's log has the reason.",
      });
    }
  };
}

function userInfoReader(
  tokens: AccessTokens,
  accounts: readonly Account[],
): OAuthServer["authenticateToken"] {
  return async (token) => {
    const found = await tokens.find(token);
    const account = accounts.find(({ username }) => username === found?.userName);
    if (found === undefined || account === undefined) return undefined;
    return {
      username: account.username,
      uid: found.userUID ?? "",
      groups: [...account.groups, "system:authenticated:oauth", "system:authenticated"],
      extra: { "scopes.authorization.openshift.io": found.scopes ?? [] },
    };
  };
}

/** Starts the OAuth server of a cluster: sign-in page, codes with PKCE, tokens kept by hash as cluster objects. */
export async function startOAuthServer(options: OAuthServerOptions): Promise<OAuthServer> {
  const { cluster, accounts, now } = options;
  const logger = options.logger ?? pino({ level: "silent" });
  const clientSecret = await ensureOAuthClient(cluster, options.dataDir, options.redirectUris);
  const tokens = new AccessTokens(cluster, now);
  await tokens.ready;
  const server = createServer();
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const codes = new AuthorizationCodes(now);
  const scope = { cluster, accounts, issuer, codes, tokens, csrf: new CsrfGuard() };
  const handle = handler(scope, logger);
  server.on("request", (request, response) => void handle(request, response));
  return {
    issuer,
    clientId,
    clientSecret,
    authenticateToken: userInfoReader(tokens, accounts),
    wellKnown: () => metadata(issuer),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      tokens.close();
    },
  };
}
