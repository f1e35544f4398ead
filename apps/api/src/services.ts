import { connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Logger } from "pino";
import { openAccessReviewer } from "./access/access-reviewer.ts";
import type { AccessReviewer } from "./access/access-reviewer.ts";
import { openAuditTrail } from "./audit/audit-trail.ts";
import type { AuditTrail } from "./audit/audit-trail.ts";
import { openClusterAccess } from "./clusters/cluster-access.ts";
import type { ClusterAccess } from "./clusters/cluster-access.ts";
import type { Config } from "./config.ts";
import { openDatabase } from "./database/open-database.ts";
import type { Database } from "./database/open-database.ts";
import { openUserConnections } from "./host/user-connections.ts";
import type { UserConnections } from "./host/user-connections.ts";
import { openLiveHub } from "./live/live-hub.ts";
import type { LiveHub } from "./live/live-hub.ts";
import { openOAuthServer } from "./session/oauth-server.ts";
import type { OAuthServer } from "./session/oauth-server.ts";
import { openSessionStore } from "./session/session-store.ts";
import type { SessionStore } from "./session/session-store.ts";
import { openTokenCipher } from "./session/token-cipher.ts";

/** What the routes work with, opened once per process. */
export type Services = {
  readonly config: Config;
  readonly log: Logger;
  readonly database: Database;
  readonly host: Cluster;
  readonly hub: LiveHub;
  readonly users: UserConnections;
  readonly clusters: ClusterAccess;
  readonly sessions: SessionStore;
  readonly reviewer: AccessReviewer;
  readonly audit: AuditTrail;
  readonly oauth: OAuthServer;
  readonly close: () => Promise<void>;
};

const sweepMs = 10 * 60_000;

export async function openServices(config: Config, log: Logger): Promise<Services> {
  const cipher = openTokenCipher(config);
  const database = await openDatabase({ url: config.databaseUrl, stateDir: config.stateDir });
  await database.migrate();
  const { prisma } = database;
  const host = connect(config.host);
  const users = openUserConnections(config.host);
  const sessions = openSessionStore({ prisma, cipher });
  sessions.onEnd(users.drop);
  const oauth = openOAuthServer(config.host, config.oauthClient);
  const clusters = openClusterAccess(config);
  const hub = openLiveHub({
    host,
    namespace: config.namespace,
    onProblem: (resource, problem) =>
      log.warn({ err: problem, resource }, "live store is not up to date"),
  });
  const sweep = setInterval(() => {
    sessions.deleteExpired().catch((error: unknown) => {
      log.error({ err: error }, "expired sessions were not deleted");
    });
  }, sweepMs);
  return {
    config,
    log,
    database,
    host,
    hub,
    users,
    clusters,
    sessions,
    reviewer: openAccessReviewer(),
    audit: openAuditTrail(prisma),
    oauth,
    close: async () => {
      clearInterval(sweep);
      hub.close();
      await Promise.all([users.close(), clusters.close(), host.close(), oauth.close()]);
      await database.close();
    },
  };
}
