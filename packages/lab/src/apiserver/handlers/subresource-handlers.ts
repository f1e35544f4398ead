import { NO_SUCH_PATH } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { methodNotAllowed } from "../http/status-error.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { getHandler } from "./read-handlers.ts";
import { patchHandler, updateHandler } from "./write-handlers.ts";

type Handler = (server: ServerContext, request: ResourceRequest) => Answer | Promise<Answer>;
type Methods = Readonly<Record<string, Handler>>;

const STATUS: Methods = { GET: getHandler, PUT: updateHandler, PATCH: patchHandler };

const SUBRESOURCES: Readonly<Record<string, Methods>> = {
  status: STATUS,
  finalize: { PUT: updateHandler },
};

export async function subresourceHandler(
  server: ServerContext,
  request: ResourceRequest,
): Promise<Answer> {
  const name = request.info.subresource ?? "";
  const methods = SUBRESOURCES[name];
  if (methods === undefined || !request.resource.subresources.includes(name)) return NO_SUCH_PATH;
  const handler = methods[request.method];
  if (handler === undefined) throw methodNotAllowed();
  return handler(server, request);
}
