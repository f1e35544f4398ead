import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { Authenticator } from "./auth/authenticator.ts";
import type { TokenReader } from "./auth/authenticator.ts";
import { ServiceAccountTokens } from "./auth/service-account-tokens.ts";
import { TokenKeys } from "./auth/token-keys.ts";
import { Rbac } from "./auth/rbac.ts";
import type { ApiServer, ApiServerOptions } from "./api-server-options.ts";
import { noFaults } from "./faults.ts";
import { Snapshots } from "./handlers/list-snapshots.ts";
import { writeError } from "./http/answer.ts";
import { asStatusError } from "./http/status-error.ts";
import { OpenApiDocuments } from "./openapi/openapi-documents.ts";
import { followDefinitions } from "./resources/follow-definitions.ts";
import { ResourceRegistry } from "./resources/resource-registry.ts";
import { runPipeline } from "./request-pipeline.ts";
import { seedOwnService } from "./seed-own-service.ts";
import { seedObjects } from "./seed-objects.ts";
import type { ServerContext } from "./server-context.ts";
import { ObjectStore } from "./store/object-store.ts";

const FIVE_MINUTES_MS = 5 * 60 * 1000;

/** Starts one Kubernetes API server on loopback and resolves once it answers. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const closing = new AbortController();
  let port = options.port ?? 0;
  const server = serverContext(options, closing.signal, () => `127.0.0.1:${port}`);
  followDefinitions(server);
  seedObjects(server);
  const pipeline = {
    server,
    extraRoutes: options.extraRoutes ?? [],
    faults: options.faults ?? noFaults,
  };
  const { caPem, certPem, keyPem } = options.tls;
  const https = createServer(
    { ca: caPem, cert: certPem, key: keyPem, requestCert: true, rejectUnauthorized: false },
    (incoming, response) => {
      runPipeline(pipeline, incoming, response).catch((error: unknown) => {
        if (response.headersSent || response.destroyed) {
          response.destroy();
          return;
        }
        writeError(response, asStatusError(error));
      });
    },
  );
  // Watches are silent for long; nothing but their own timeout ends them.
  https.requestTimeout = 0;
  https.timeout = 0;
  https.keepAliveTimeout = 120_000;
  port = await listen(https, port);
  seedOwnService(server, port);
  return {
    name: options.name,
    url: `https://127.0.0.1:${port}`,
    port,
    caPem,
    signAccountToken: (account, secretName) => server.tokens.issueLegacy(account, secretName),
    compact: () => {
      server.store.compact();
      server.snapshots.expireAll();
    },
    close: async () => {
      if (closing.signal.aborted) return;
      closing.abort();
      const closed = new Promise<void>((resolve) => https.close(() => resolve()));
      https.closeAllConnections();
      await closed;
      server.store.close();
    },
  };
}

function serverContext(
  options: ApiServerOptions,
  closing: AbortSignal,
  address: () => string,
): ServerContext {
  const now = options.now ?? ((): Date => new Date());
  const history = options.watchHistory;
  const store = new ObjectStore({
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
    ...(history === undefined ? {} : { history }),
  });
  const registry = new ResourceRegistry();
  const tokenKeys = new TokenKeys(options.dataDir);
  const tokens = new ServiceAccountTokens(tokenKeys, store, now);
  return {
    name: options.name,
    store,
    tokens,
    tokenKeys,
    registry,
    openApi: new OpenApiDocuments(registry),
    access: new Rbac(store),
    authenticator: new Authenticator(tokenReaders(options, tokens)),
    snapshots: new Snapshots(options.continueLifetimeMs ?? FIVE_MINUTES_MS, now),
    settings: {
      serviceNetwork: options.serviceNetwork ?? "127.96",
      nodePorts: options.nodePorts ?? { first: 30000, last: 32767 },
      bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    },
    now,
    address,
    closing,
  };
}

function tokenReaders(options: ApiServerOptions, tokens: ServiceAccountTokens): TokenReader[] {
  const known = new Map(Object.entries(options.staticTokens ?? {}));
  const readers: TokenReader[] = [
    (token) => Promise.resolve(known.get(token)),
    (token, audiences) => Promise.resolve(tokens.read(token, audiences)),
  ];
  const { authenticateToken } = options;
  if (authenticateToken !== undefined) readers.push((token) => authenticateToken(token));
  return readers;
}

async function listen(https: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    https.once("error", reject);
    https.listen(port, "127.0.0.1", resolve);
  });
  return (https.address() as AddressInfo).port;
}
