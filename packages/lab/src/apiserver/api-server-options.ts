import type { IncomingMessage, ServerResponse } from "node:http";
import type { AccountIdentity } from "./auth/service-account-tokens.ts";
import type { UserInfo } from "./auth/user-info.ts";
import type { Faults } from "./faults.ts";

/** A request for a path the embedding program serves itself. */
export type ExtraRequest = {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly user: UserInfo;
};

export type ExtraRoute = {
  /** Serves this path and everything below it, before the server's own resources. */
  readonly prefix: string;
  /** Who may: anyone, anyone signed in, or whoever RBAC's nonResourceURLs allow (when absent). */
  readonly access?: "anyone" | "authenticated";
  readonly handle: (request: ExtraRequest) => void | Promise<void>;
};

export type ApiServerOptions = {
  readonly name: string;
  /** 0, or absent, for any free port. */
  readonly port?: number;
  /** Where objects are kept; in memory only when absent. */
  readonly dataDir?: string;
  readonly tls: {
    /** What clients verify the server with; also signs client certificates the server accepts. */
    readonly caPem: string;
    readonly certPem: string;
    readonly keyPem: string;
  };
  readonly staticTokens?: Readonly<Record<string, UserInfo>>;
  /** Recognises tokens issued elsewhere, such as by an OAuth server. */
  readonly authenticateToken?: (token: string) => Promise<UserInfo | undefined>;
  readonly extraRoutes?: readonly ExtraRoute[];
  readonly now?: () => Date;
  readonly faults?: Faults;
  /** First two octets of cluster IPs, such as `127.96` (the default). */
  readonly serviceNetwork?: string;
  /** Where node ports are taken from; 30000 to 32767 when absent. */
  readonly nodePorts?: { readonly first: number; readonly last: number };
  /** Changes kept per resource for watches that resume; 10,000 when absent. */
  readonly watchHistory?: number;
  /** How long a paged list may take; five minutes when absent. */
  readonly continueLifetimeMs?: number;
  /** How often an idle watch gets a bookmark; a minute when absent. */
  readonly bookmarkIntervalMs?: number;
};

export type ApiServer = {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly caPem: string;
  /** Signs the lasting token of a service account's Secret, as the holder of the signing key. */
  signAccountToken(account: AccountIdentity, secretName: string): string;
  /** Forgets watch history and lists in progress, as a compaction of etcd does. */
  compact(): void;
  /** Ends watches, closes connections and the database. */
  close(): Promise<void>;
};
