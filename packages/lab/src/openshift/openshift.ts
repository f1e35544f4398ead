import type { Cluster } from "@drover/kube";

/** A person who can sign in to the lab. */
export type Account = {
  readonly username: string;
  readonly password: string;
  readonly groups: readonly string[];
  readonly fullName?: string;
};

/** Who a token belongs to, as the API server's authenticator wants it. */
export type UserInfo = {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
};

export type OAuthServerOptions = {
  /** The `host` cluster, as admin: users, clients and tokens are objects there. */
  readonly cluster: Cluster;
  /** 0 for any free port. Listens on 127.0.0.1 only. */
  readonly port: number;
  readonly accounts: readonly Account[];
  /** Keeps `oauth-client-secret` (made at first start), readable by the owner only. */
  readonly dataDir: string;
  /** Redirect URIs of the OAuthClient `drover`. */
  readonly redirectUris: readonly string[];
};

export type OAuthServer = {
  /** `http://127.0.0.1:<port>` */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Undefined when the token is unknown, expired or revoked. */
  authenticateToken(token: string): Promise<UserInfo | undefined>;
  /** The document for `/.well-known/oauth-authorization-server`. */
  wellKnown(): Record<string, unknown>;
  close(): Promise<void>;
};

export type OpenshiftControllersOptions = {
  readonly cluster: Cluster;
  readonly clusterName: string;
  /** Ending of the host names given to Routes, `apps.<cluster>.lab.drover.dev` when absent. */
  readonly routeDomain?: string;
};

/** What runs until it is closed. */
export type Running = { close(): Promise<void> };
