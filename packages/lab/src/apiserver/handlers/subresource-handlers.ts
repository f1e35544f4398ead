import { NO_SUCH_PATH } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { methodNotAllowed, noSuchResource } from "../http/status-error.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { logHandler } from "./log-handler.ts";
import { bindingHandler, evictionHandler } from "./pod-handlers.ts";
import { getHandler } from "./read-handlers.ts";
import { getScaleHandler, writeScaleHandler } from "./scale-handler.ts";
import { tokenHandler } from "./token-handler.ts";
import { patchHandler, updateHandler } from "./write-handlers.ts";

type Handler = (server: ServerContext, request: ResourceRequest) => Answer | Promise<Answer>;
type Methods = Readonly<Record<string, Handler>>;

const STATUS: Methods = { GET: getHandler, PUT: updateHandler, PATCH: patchHandler };

const SUBRESOURCES: Readonly<Record<string, Methods>> = {
  status: STATUS,
  finalize: { PUT: updateHandler },
  scale: { GET: getScaleHandler, PUT: writeScaleHandler, PATCH: writeScaleHandler },
  binding: { POST: bindingHandler },
  eviction: { POST: evictionHandler },
  ephemeralcontainers: STATUS,
  log: { GET: logHandler },
  token: { POST: tokenHandler },
};

export async function subresourceHandler(
  server: ServerContext,
  request: ResourceRequest,
): Promise<Answer> {
  const name = request.info.subresource ?? "";
  const methods = SUBRESOURCES[name];
  if (methods === undefined || !request.resource.subresources.includes(name)) {
    if (request.resource.custom !== undefined) return NO_SUCH_PATH;
    throw noSuchResource();
  }
  const handler = methods[request.method];
  if (handler === undefined) throw methodNotAllowed();
  return handler(server, request);
}
