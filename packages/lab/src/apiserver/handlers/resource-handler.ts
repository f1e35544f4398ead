import { NO_SUCH_PATH } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { isTrue, verbOf } from "../http/request-info.ts";
import { methodNotAllowed, noSuchResource } from "../http/status-error.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { deleteCollectionHandler, deleteHandler } from "./delete-handlers.ts";
import { getHandler, listHandler } from "./read-handlers.ts";
import { reviewOf } from "./review-handlers.ts";
import { subresourceHandler } from "./subresource-handlers.ts";
import { watchHandler } from "./watch-handler.ts";
import { createHandler, patchHandler, updateHandler } from "./write-handlers.ts";

type Handler = (server: ServerContext, request: ResourceRequest) => Answer | Promise<Answer>;

const HANDLERS: Readonly<Record<string, Handler>> = {
  get: getHandler,
  list: listHandler,
  watch: watchHandler,
  create: createHandler,
  update: updateHandler,
  patch: patchHandler,
  delete: deleteHandler,
  deletecollection: deleteCollectionHandler,
};

/** Verbs that address one object by name; get and watch follow from the path itself. */
const NAMED_ONLY = new Set(["update", "patch", "delete"]);

/** Carries out one authorized request for a resource or a subresource. */
export async function resourceHandler(
  server: ServerContext,
  request: ResourceRequest,
): Promise<Answer> {
  const { info, resource, method, query } = request;
  if (info.subresource !== undefined) return subresourceHandler(server, request);
  if (info.namespace !== undefined && !resource.namespaced) return elsewhere(request);
  const verb = verbOf(method, info, query);
  const handler = method === "HEAD" ? undefined : HANDLERS[verb];
  if (handler === undefined || !resource.verbs.includes(verb)) throw methodNotAllowed();
  if (isMisaddressed(verb, info.name)) throw methodNotAllowed();
  if (needsNamespace(request)) return withoutNamespace(request);
  const review = reviewOf(request);
  return (review ?? handler)(server, request);
}

/** A namespaced path to a resource that has no namespaces. */
function elsewhere({ resource }: ResourceRequest): Answer {
  if (resource.custom !== undefined) return NO_SUCH_PATH;
  throw noSuchResource();
}

/** A path over all namespaces, for what only works in one. */
function withoutNamespace({ resource }: ResourceRequest): Answer {
  if (resource.custom !== undefined) return NO_SUCH_PATH;
  throw methodNotAllowed();
}

function isMisaddressed(verb: string, name: string | undefined): boolean {
  return verb === "create" ? name !== undefined : NAMED_ONLY.has(verb) && name === undefined;
}

/** Only lists and watches go over all namespaces. */
function needsNamespace(request: ResourceRequest): boolean {
  const { resource, info, method, query } = request;
  if (!resource.namespaced || info.namespace !== undefined) return false;
  return method !== "GET" || (info.name !== undefined && !isTrue(query.get("watch")));
}
