import type { KubeObject, ResourceKind } from "@drover/crds";
import type {
  AccessQuestion,
  Cluster,
  ClusterConnection,
  DeleteOptions,
  KindRef,
  ListOptions,
  ListPage,
  LogOptions,
  ObjectRef,
  Patch,
  ServerVersion,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from "./cluster.ts";
import { readDiscovery } from "./discovery.ts";
import { eventAtTheDoor, objectAtTheDoor, pageAtTheDoor } from "./door.ts";
import { isRecord } from "./failure.ts";
import { KubeError } from "./kube-error.ts";
import { listAll, listPages } from "./list-all.ts";
import { collectionPath, createPath, objectPath } from "./resource-path.ts";
import { openTransport, type HttpRequest, type Transport } from "./transport.ts";

const PAGE_SIZE = 500;
const FIELD_MANAGER = "drover";
const PATCH_CONTENT_TYPES = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
} as const;

/** Opens a connection; nothing is sent before the first call. Throws when the address is not https. */
export function connect(connection: ClusterConnection): Cluster {
  const transport = openTransport(connection);
  return {
    url: transport.url,
    ...reads(transport),
    ...writes(transport),
    ...questions(transport),
    close: () => transport.close(),
  };
}

type Reads = Pick<Cluster, "get" | "find" | "list" | "listPage" | "pages" | "watch" | "logs">;

function reads(transport: Transport): Reads {
  const get = async <T extends KubeObject>(kind: ResourceKind<T>, ref: ObjectRef): Promise<T> =>
    objectAtTheDoor<T>(kind, await transport.json({ method: "GET", path: objectPath(kind, ref) }));
  const listPage: Cluster["listPage"] = (kind, options) => readPage(transport, kind, options);
  return {
    get,
    find: (kind, ref) => get(kind, ref).catch(undefinedWhenAbsent),
    listPage,
    pages: (kind, options) => listPages({ listPage }, kind, options),
    list: async (kind, options) => (await listAll({ listPage }, kind, options)).items,
    watch: (kind, options) => readWatch(transport, kind, options),
    logs: (pod, options) => readLogs(transport, pod, options),
  };
}

type Writes = Pick<
  Cluster,
  | "create"
  | "apply"
  | "patch"
  | "patchSubresource"
  | "replaceSubresource"
  | "createSubresource"
  | "delete"
>;

function writes(transport: Transport): Writes {
  const write = async <T extends KubeObject>(
    kind: ResourceKind<T>,
    request: HttpRequest,
  ): Promise<T> => objectAtTheDoor<T>(kind, await transport.json(request));
  return {
    create: (kind, object, options) =>
      write(kind, {
        method: "POST",
        path: createPath(kind, object.metadata.namespace),
        body: object,
        ...writing(options),
      }),
    apply: (kind, object, options = {}) =>
      write(kind, {
        method: "PATCH",
        path: objectPath(kind, refOf(kind, object)),
        body: object,
        contentType: "application/apply-patch+yaml",
        ...writing(options, {
          fieldManager: options.fieldManager ?? FIELD_MANAGER,
          force: options.force ?? true,
        }),
      }),
    patch: (kind, ref, patch, options) =>
      write(kind, { path: objectPath(kind, ref), ...patching(patch), ...writing(options) }),
    patchSubresource: (kind, ref, subresource, patch) =>
      write(kind, { path: objectPath(kind, ref, subresource), ...patching(patch), ...writing({}) }),
    replaceSubresource: (kind, ref, subresource, object) =>
      write(kind, {
        method: "PUT",
        path: objectPath(kind, ref, subresource),
        body: object,
        ...writing({}),
      }),
    createSubresource: async (kind, ref, subresource, body) => {
      const path = objectPath(kind, ref, subresource);
      await transport.json({ method: "POST", path, body, ...writing({}) });
    },
    delete: (kind, ref, options) => deleteObject(transport, { kind, ref }, options),
  };
}

type Questions = Pick<Cluster, "can" | "createToken" | "version" | "discovery">;

function questions(transport: Transport): Questions {
  const read = (path: string, signal?: AbortSignal): Promise<unknown> =>
    transport.json({ method: "GET", path, signal });
  return {
    can: (question) => askAccess(transport, question),
    createToken: (account, options) => requestToken(transport, account, options?.expirationSeconds),
    version: async (signal) => versionFrom(transport.url, await read("/version", signal)),
    discovery: (signal) => readDiscovery((path) => read(path, signal)),
  };
}

async function readPage<T extends KubeObject>(
  transport: Transport,
  kind: ResourceKind<T>,
  options: Parameters<Cluster["listPage"]>[1] = {},
): Promise<ListPage<T>> {
  const limit = options.limit ?? PAGE_SIZE;
  const answer = await transport.json({
    method: "GET",
    path: collectionPath(kind, options.namespace),
    query: {
      ...selection(options),
      limit: limit === 0 ? undefined : limit,
      continue: options.continue,
    },
    signal: options.signal,
  });
  return pageAtTheDoor<T>(kind, answer);
}

async function* readWatch<T extends KubeObject>(
  transport: Transport,
  kind: ResourceKind<T>,
  options: WatchOptions,
): AsyncGenerator<WatchEvent<T>> {
  const lines = transport.lines({
    path: collectionPath(kind, options.namespace),
    query: {
      ...selection(options),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: options.resourceVersion,
    },
    signal: options.signal,
    areHeadersPrompt: true,
  });
  for await (const line of lines) yield eventAtTheDoor<T>(kind, line, transport.url);
}

function readLogs(
  transport: Transport,
  pod: Required<ObjectRef>,
  options: LogOptions = {},
): AsyncIterable<string> {
  const { signal, ...query } = options;
  return transport.lines({
    path: objectPath(POD, pod, "log"),
    query,
    signal,
    areHeadersPrompt: options.follow !== true,
  });
}

const POD: KindRef = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };

function selection(options: ListOptions): HttpRequest["query"] {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector };
}

function patching(patch: Patch): Pick<HttpRequest, "method" | "body" | "contentType"> {
  return { method: "PATCH", body: patch.body, contentType: PATCH_CONTENT_TYPES[patch.type] };
}

function writing(
  options: WriteOptions = {},
  query: Record<string, string | boolean> = { fieldManager: FIELD_MANAGER },
): Pick<HttpRequest, "query" | "signal"> {
  const dryRun = options.dryRun === true ? "All" : undefined;
  return { query: { ...query, dryRun }, signal: options.signal };
}

async function deleteObject(
  transport: Transport,
  { kind, ref }: { kind: KindRef; ref: ObjectRef },
  options: DeleteOptions = {},
): Promise<boolean> {
  const { uid, resourceVersion, propagation, gracePeriodSeconds } = options;
  const preconditions = (uid ?? resourceVersion) ? { uid, resourceVersion } : undefined;
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: propagation,
    gracePeriodSeconds,
    preconditions,
  };
  const { query, signal } = writing(options, {});
  const answer = await transport
    .json({ method: "DELETE", path: objectPath(kind, ref), body, ...(query && { query }), signal })
    .catch(undefinedWhenAbsent);
  return answer !== undefined;
}

async function askAccess(transport: Transport, question: AccessQuestion): Promise<boolean> {
  const answer = await transport.json({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: question },
    },
  });
  return isRecord(answer) && isRecord(answer["status"]) && answer["status"]["allowed"] === true;
}

async function requestToken(
  transport: Transport,
  account: Required<ObjectRef>,
  expirationSeconds: number | undefined,
): Promise<string> {
  const answer = await transport.json({
    method: "POST",
    path: objectPath({ ...POD, plural: "serviceaccounts" }, account, "token"),
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds },
    },
  });
  const status = isRecord(answer) && isRecord(answer["status"]) ? answer["status"] : {};
  if (typeof status["token"] === "string") return status["token"];
  const message = `${transport.url} answered a token request for ${account.namespace}/${account.name} without a token.`;
  throw new KubeError({ code: 0, reason: "BadAnswer", message });
}

function versionFrom(url: string, answer: unknown): ServerVersion {
  if (isRecord(answer) && typeof answer["gitVersion"] === "string") {
    const { major, minor, gitVersion } = answer;
    return { major: String(major), minor: String(minor), gitVersion };
  }
  const message = `${url} does not tell its version. Is it a Kubernetes API server?`;
  throw new KubeError({ code: 0, reason: "BadAnswer", message });
}

function refOf(kind: KindRef, object: KubeObject): ObjectRef {
  const { name, namespace } = object.metadata;
  if (name !== undefined) return namespace === undefined ? { name } : { name, namespace };
  const message = `A ${kind.kind} without a name cannot be applied; create it instead.`;
  throw new KubeError({ code: 400, reason: "BadRequest", message });
}

function undefinedWhenAbsent(error: unknown): undefined {
  // A 404 that is no NotFound status means that the server lacks the whole kind, which is no answer about one object.
  if (error instanceof KubeError && error.reason === "NotFound") return undefined;
  throw error;
}
