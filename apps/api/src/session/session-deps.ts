import type { Cluster } from "@drover/kube";
import type { AccessReviewer } from "../access/access-reviewer.ts";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { Config } from "../config.ts";
import type { PrismaClient } from "../generated/client.ts";
import type { UserConnections } from "../host/user-connections.ts";
import type { OAuthServer } from "./oauth-server.ts";
import type { SessionStore } from "./session-store.ts";

export type SessionDeps = {
  readonly config: Config;
  readonly prisma: PrismaClient;
  readonly sessions: SessionStore;
  readonly oauth: OAuthServer;
  readonly users: UserConnections;
  readonly reviewer: AccessReviewer;
  readonly audit: AuditTrail;
  /** The api's own identity on the host cluster. */
  readonly host: Cluster;
};

/** What a request says about who sent it. */
export type Caller = {
  readonly host: string;
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string;
};
