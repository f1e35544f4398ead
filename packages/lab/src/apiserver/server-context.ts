import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "./auth/access.ts";
import type { Authenticator } from "./auth/authenticator.ts";
import type { ServiceAccountTokens } from "./auth/service-account-tokens.ts";
import type { TokenKeys } from "./auth/token-keys.ts";
import type { UserInfo } from "./auth/user-info.ts";
import type { AcceptedForm } from "./http/accepted-form.ts";
import type { RequestInfo } from "./http/request-info.ts";
import type { Snapshots } from "./handlers/list-snapshots.ts";
import type { OpenApiDocuments } from "./openapi/openapi-documents.ts";
import type { ResourceInfo } from "./resources/resource-info.ts";
import type { ResourceRegistry } from "./resources/resource-registry.ts";
import type { ObjectStore } from "./store/object-store.ts";

/** What every handler may use. */
export type ServerContext = {
  readonly name: string;
  readonly store: ObjectStore;
  readonly registry: ResourceRegistry;
  readonly access: Access;
  readonly authenticator: Authenticator;
  readonly tokens: ServiceAccountTokens;
  readonly tokenKeys: TokenKeys;
  readonly snapshots: Snapshots;
  readonly openApi: OpenApiDocuments;
  readonly settings: ServerSettings;
  readonly now: () => Date;
  /** `127.0.0.1:6443`; empty until the server listens. */
  readonly address: () => string;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
};

export type ServerSettings = {
  /** First two octets from which cluster IPs are handed out, such as `127.96`. */
  readonly serviceNetwork: string;
  readonly nodePorts: { readonly first: number; readonly last: number };
  /** How often an idle watch with bookmarks gets one. */
  readonly bookmarkIntervalMs: number;
};

/** One request for a resource, after authentication and authorization. */
export type ResourceRequest = {
  readonly method: string;
  readonly info: RequestInfo;
  readonly resource: ResourceInfo;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly body: Buffer;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** How the client wants to have the answer. */
  readonly form: AcceptedForm;
  /** Sent as `Warning` headers. */
  readonly warnings: string[];
  /** A list shows things as they were so many changes ago. */
  readonly staleBy: number;
  /** How much later the next event of a watch is sent. */
  readonly eventDelayMs: () => number;
};
