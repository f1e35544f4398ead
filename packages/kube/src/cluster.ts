import type { KubeObject, ResourceKind } from "@drover/crds";

/** Names one object. `namespace` is absent for cluster-scoped kinds. */
export type ObjectRef = { readonly name: string; readonly namespace?: string };

export type ListOptions = {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page; 500 when absent. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
};

export type ListPage<T> = {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
};

export type WatchEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

export type WatchOptions = Omit<ListOptions, "limit"> & { readonly resourceVersion: string };

export type WriteOptions = { readonly dryRun?: boolean; readonly signal?: AbortSignal };

export type ApplyOptions = WriteOptions & {
  /** `drover` when absent. */
  readonly fieldManager?: string;
  /** Takes fields over from other managers; true when absent, as controllers own what they apply. */
  readonly force?: boolean;
};

export type Patch =
  | { readonly type: "merge"; readonly body: object }
  | { readonly type: "strategic"; readonly body: object }
  | { readonly type: "json"; readonly body: readonly object[] };

export type DeleteOptions = WriteOptions & {
  readonly propagation?: "Foreground" | "Background" | "Orphan";
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
};

export type LogOptions = {
  readonly container?: string;
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly timestamps?: boolean;
  readonly previous?: boolean;
  readonly signal?: AbortSignal;
};

export type AccessQuestion = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
};

export type ServerVersion = {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
};

/** One resource as the server's discovery names it. */
export type DiscoveredResource = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** True when this is the version the server prefers for its group. */
  readonly preferred: boolean;
};

/** A kind known only by name, for objects no schema of ours describes. */
export type KindRef = Omit<ResourceKind, "schema">;

/**
 * A connection to one cluster. Every method throws `KubeError` when the server refuses or cannot be reached;
 * messages never hold headers, bodies or tokens.
 */
export type Cluster = {
  /** Where the server is; for messages. */
  readonly url: string;
  get<T extends KubeObject>(kind: ResourceKind<T>, ref: ObjectRef): Promise<T>;
  /** Undefined when the object is not there; throws when the server lacks the kind itself. */
  find<T extends KubeObject>(kind: ResourceKind<T>, ref: ObjectRef): Promise<T | undefined>;
  /** Every object, read page by page. For kinds that can be many, use `pages`. */
  list<T extends KubeObject>(kind: ResourceKind<T>, options?: ListOptions): Promise<T[]>;
  /** One page. Pass the previous page's `continue` to go on. */
  listPage<T extends KubeObject>(
    kind: ResourceKind<T>,
    options?: ListOptions & { readonly continue?: string },
  ): Promise<ListPage<T>>;
  pages<T extends KubeObject>(
    kind: ResourceKind<T>,
    options?: ListOptions,
  ): AsyncIterable<ListPage<T>>;
  /** Ends when the server closes the stream or the signal aborts; throws a `KubeError` with `isGone` when the version is too old. */
  watch<T extends KubeObject>(
    kind: ResourceKind<T>,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: T,
    options?: WriteOptions,
  ): Promise<T>;
  /** Server-side apply; creates or changes. */
  apply<T extends KubeObject>(kind: ResourceKind<T>, object: T, options?: ApplyOptions): Promise<T>;
  patch<T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: ObjectRef,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>;
  /** Like `patch`, on the named subresource (`status`, `scale`). */
  patchSubresource<T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: ObjectRef,
    subresource: string,
    patch: Patch,
  ): Promise<T>;
  /** For subresources that cannot be patched (`finalize` of a namespace): writes the object as it is given. */
  replaceSubresource<T extends KubeObject>(
    kind: ResourceKind<T>,
    ref: ObjectRef,
    subresource: string,
    object: T,
  ): Promise<T>;
  /** Posts to a subresource that takes orders rather than keeping state: `binding` or `eviction` of a pod. */
  createSubresource(
    kind: KindRef,
    ref: ObjectRef,
    subresource: string,
    body: object,
  ): Promise<void>;
  /** True when something was deleted, false when nothing was there. */
  delete(kind: KindRef, ref: ObjectRef, options?: DeleteOptions): Promise<boolean>;
  /** Lines of a container's log, without line ends. */
  logs(pod: Required<ObjectRef>, options?: LogOptions): AsyncIterable<string>;
  /** Whether the identity of this connection may do it (SelfSubjectAccessReview). */
  can(question: AccessQuestion): Promise<boolean>;
  /** A bound service account token (TokenRequest). */
  createToken(
    serviceAccount: Required<ObjectRef>,
    options?: { readonly expirationSeconds?: number },
  ): Promise<string>;
  version(signal?: AbortSignal): Promise<ServerVersion>;
  discovery(signal?: AbortSignal): Promise<readonly DiscoveredResource[]>;
  /** Closes pooled sockets and ends watches. */
  close(): Promise<void>;
};

/** How to reach a cluster. A token, or a client certificate with its key, or neither for anonymous. */
export type ClusterConnection = {
  readonly url: string;
  readonly caPem?: string;
  /** Skips TLS verification; only when the MigCluster says so. */
  readonly insecure?: boolean;
  readonly token?: string;
  /** Asked before each request instead of `token`, for tokens that are renewed; has to cache by itself. */
  readonly readToken?: () => Promise<string>;
  /** The name the server's certificate must carry, when it is not the address's. */
  readonly serverName?: string;
  readonly clientCertPem?: string;
  readonly clientKeyPem?: string;
  /** For one request, watches and log follows excepted; 30,000 when absent. */
  readonly timeoutMs?: number;
};
