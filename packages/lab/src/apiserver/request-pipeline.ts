import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { AccessAttributes } from "./auth/access-attributes.ts";
import { describeDenial } from "./auth/access.ts";
import { impersonatedUser } from "./auth/impersonation.ts";
import type { UserInfo } from "./auth/user-info.ts";
import type { ExtraRoute } from "./api-server-options.ts";
import { routeOf } from "./extra-routes.ts";
import type { Fault, FaultRequest, Faults } from "./faults.ts";
import { aggregatedAnswer } from "./handlers/aggregated-discovery.ts";
import { discoveryAnswer } from "./handlers/discovery.ts";
import { shownAnswer } from "./handlers/shown-answer.ts";
import { plainPathAnswer } from "./handlers/plain-paths.ts";
import { resourceHandler } from "./handlers/resource-handler.ts";
import { acceptedForm } from "./http/accepted-form.ts";
import type { AcceptedForm } from "./http/accepted-form.ts";
import { NO_SUCH_PATH, STREAMED, writeAnswer } from "./http/answer.ts";
import type { Answer } from "./http/answer.ts";
import { readBody } from "./http/read-body.ts";
import { parseResourcePath, verbOf } from "./http/request-info.ts";
import type { RequestInfo } from "./http/request-info.ts";
import { forbidden, noSuchResource, StatusError, tooManyRequests } from "./http/status-error.ts";
import { BUILTIN_GROUPS } from "./resources/builtin-resources.ts";
import type { ServerContext } from "./server-context.ts";

export type Pipeline = {
  readonly server: ServerContext;
  readonly extraRoutes: readonly ExtraRoute[];
  readonly faults: Faults;
};

type Exchange = {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly method: string;
};

/** Takes one request from authentication to its answer. */
export async function runPipeline(
  pipeline: Pipeline,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? "/", "https://lab");
  const exchange: Exchange = { incoming, response, url, method: incoming.method ?? "GET" };
  const { authenticator, access } = pipeline.server;
  const user = impersonatedUser(
    await authenticator.authenticate(incoming),
    incoming.headers,
    access,
  );
  const extra = routeOf(pipeline.extraRoutes, url.pathname);
  if (extra !== undefined) {
    authorizeExtra(pipeline, exchange, { user, route: extra });
    await extra.handle({ incoming, response, url, user });
    return;
  }
  const info = parseResourcePath(url.pathname);
  const answer =
    info === undefined
      ? plainAnswer(pipeline, exchange, user)
      : await resourceAnswer(pipeline, exchange, { info, user });
  writeAnswer(response, answer);
}

function authorizeExtra(
  pipeline: Pipeline,
  exchange: Exchange,
  asked: { readonly user: UserInfo; readonly route: ExtraRoute },
): void {
  if (asked.route.access === "anyone") return;
  const signedIn = asked.user.groups.includes("system:authenticated");
  if (asked.route.access === "authenticated" && signedIn) return;
  authorizePath(pipeline, exchange, asked.user);
}

function plainAnswer(pipeline: Pipeline, exchange: Exchange, user: UserInfo): Answer {
  authorizePath(pipeline, exchange, user);
  const path = exchange.url.pathname;
  if (exchange.method !== "GET" && exchange.method !== "HEAD") return NO_SUCH_PATH;
  const accept = exchange.incoming.headers.accept ?? "";
  const { server } = pipeline;
  return (
    discovery(server, exchange.url, accept) ??
    plainPathAnswer(server, path, accept) ??
    nothingServed(groupIn(path))
  );
}

function discovery(server: ServerContext, url: URL, accept: string): Answer | undefined {
  const path = url.pathname.replace(/\/$/, "");
  const isRoot = path === "/api" || path === "/apis";
  const all = isRoot ? aggregatedAnswer(server.registry, path, accept) : undefined;
  if (all !== undefined) return all;
  const answer = discoveryAnswer(server, path);
  if (answer === undefined) return undefined;
  return shownAnswer(answer, { form: acceptedForm(accept), query: url.searchParams });
}

/** Paths below Kubernetes' own groups are refused in its words, all others in plain text. */
function nothingServed(group: string | undefined): Answer {
  if (group !== undefined && BUILTIN_GROUPS.has(group)) throw noSuchResource();
  return NO_SUCH_PATH;
}

function groupIn(path: string): string | undefined {
  const [, root, group] = path.split("/");
  if (root === "api" && group !== undefined) return "";
  return root === "apis" ? group : undefined;
}

function authorizePath(pipeline: Pipeline, exchange: Exchange, user: UserInfo): void {
  const path = exchange.url.pathname;
  const verb = exchange.method === "HEAD" ? "get" : exchange.method.toLowerCase();
  const attributes = { verb, path, group: "", resource: "" };
  const decision = pipeline.server.access.decide(user, attributes);
  if (decision.allowed) return;
  throw new StatusError(403, "Forbidden", {
    message: `forbidden: ${describeDenial(user, attributes)}`,
    details: {},
  });
}

async function resourceAnswer(
  pipeline: Pipeline,
  exchange: Exchange,
  asked: { readonly info: RequestInfo; readonly user: UserInfo },
): Promise<Answer> {
  const { server, faults } = pipeline;
  const { info, user } = asked;
  const { method, url, incoming, response } = exchange;
  const verb = verbOf(method, info, url.searchParams);
  authorizeResource(server, user, { verb, ...attributesOf(info) });
  const resource = server.registry.find(info.apiVersion, info.plural);
  if (resource === undefined) return nothingServed(info.group);
  const body = await readBody(incoming);
  const fault = faults.decide(faultRequest(exchange, { ...asked, verb }));
  if (await isCutBefore(fault, response, resource)) return STREAMED;
  const warnings: string[] = [];
  const query = url.searchParams;
  const form = formOf(incoming, info);
  const request = {
    method,
    info,
    resource,
    query,
    user,
    body,
    incoming,
    response,
    form,
    warnings,
    staleBy: staleBy(fault),
    eventDelayMs: faults.watchDelayMs ?? (() => 0),
  };
  if (verb === "watch") faults.watchOpened?.(response);
  const answer = await resourceHandler(server, request);
  for (const text of warnings) response.appendHeader("warning", `299 - ${JSON.stringify(text)}`);
  if (fault?.kind === "lose-answer") response.destroy();
  return response.destroyed ? STREAMED : shownAnswer(answer, { form, query, resource });
}

/** Logs are text, whatever the client says it accepts. */
function formOf({ headers }: IncomingMessage, { subresource }: RequestInfo): AcceptedForm {
  return subresource === "log" ? { encoding: "json" } : acceptedForm(headers.accept ?? "");
}

function attributesOf(info: RequestInfo): Omit<AccessAttributes, "verb"> {
  const own = info.plural === "namespaces" && info.group === "" ? info.name : undefined;
  const namespace = info.namespace ?? own;
  return {
    group: info.group,
    version: info.version,
    resource: info.plural,
    ...(info.subresource === undefined ? {} : { subresource: info.subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(info.name === undefined ? {} : { name: info.name }),
  };
}

function authorizeResource(
  server: ServerContext,
  user: UserInfo,
  attributes: AccessAttributes,
): void {
  if (server.access.decide(user, attributes).allowed) return;
  const subject = { group: attributes.group, plural: attributes.resource, kind: "" };
  throw forbidden(subject, attributes.name ?? "", describeDenial(user, attributes));
}

function faultRequest(
  exchange: Exchange,
  asked: { readonly info: RequestInfo; readonly user: UserInfo; readonly verb: string },
): FaultRequest {
  return {
    method: exchange.method,
    path: exchange.url.pathname,
    verb: asked.verb,
    group: asked.info.group,
    resource: asked.info.plural,
    namespace: asked.info.namespace,
    name: asked.info.name,
    user: asked.user,
  };
}

function staleBy(fault: Fault | undefined): number {
  return fault?.kind === "stale" ? fault.changes : 0;
}

/** Carries out the part of a fault that comes before the work; true when the request ends with it. */
async function isCutBefore(
  fault: Fault | undefined,
  response: ServerResponse,
  subject: { readonly group: string; readonly plural: string; readonly kind: string },
): Promise<boolean> {
  switch (fault?.kind) {
    case "delay":
      await sleep(fault.milliseconds);
      return false;
    case "cut":
      response.destroy();
      return true;
    case "cut-after":
      setTimeout(() => response.destroy(), fault.milliseconds).unref();
      return false;
    case "lose-answer":
    case "stale":
    case undefined:
      return false;
    case "refuse":
      throw refusal(fault.code, subject.plural);
  }
}

const REASONS = { 409: "Conflict", 500: "InternalError", 503: "ServiceUnavailable" } as const;

function refusal(code: 409 | 429 | 500 | 503, plural: string): StatusError {
  if (code === 429) {
    return tooManyRequests(
      "the server has received too many requests and has asked us to try again later",
      1,
    );
  }
  const message = `a fault was injected into this request for ${plural}`;
  return new StatusError(code, REASONS[code], { message });
}
