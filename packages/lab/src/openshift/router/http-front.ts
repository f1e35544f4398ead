import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Route } from "@drover/crds";
import type { NetworkLink } from "../../node/network-link.ts";
import type { RouteTable } from "./route-table.ts";

export type Scheme = "http" | "https";

/** Answers requests for the hosts of Routes: passes them on to a pod, sends browsers to https, or says that nobody is there. */
export function httpFront(
  table: RouteTable,
  scheme: Scheme,
  link: NetworkLink,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (link.isCut) return void response.destroy();
    const host = hostOf(request);
    const path = new URL(request.url ?? "/", "http://route").pathname;
    const route = table.find(host, path);
    if (route === undefined) return unavailable(response, `No route has ${host}${path}.`);
    const treatment = treatmentOf(route, scheme);
    if (treatment === "redirect") {
      response.writeHead(302, { location: `https://${host}${request.url ?? "/"}` });
      return void response.end();
    }
    const { namespace, name } = route.metadata;
    if (treatment === "refuse")
      return unavailable(response, `Route ${namespace}/${name} does not take ${scheme}.`);
    const target = table.target(route);
    if (target === undefined) {
      return unavailable(response, `Route ${namespace}/${name} has no pod that is ready.`);
    }
    const headers = { ...withoutHops(request.headers), ...forwarded(request, scheme) };
    const { method, url: pathAndQuery } = request;
    const upstream = httpRequest({ ...target, method, path: pathAndQuery, headers, agent: false });
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
      answer.on("error", () => response.destroy());
      link.carry(answer, response);
    });
    upstream.on("error", () => {
      if (response.headersSent) response.destroy();
      else unavailable(response, `A pod of route ${namespace}/${name} did not answer.`);
    });
    response.on("close", () => upstream.destroy());
    link.carry(request, upstream);
  };
}

/** What the route says about requests that come by this scheme. */
function treatmentOf({ spec: { tls } }: Route, scheme: Scheme): "pass" | "redirect" | "refuse" {
  if (tls === undefined) return scheme === "http" ? "pass" : "refuse";
  if (scheme === "https") return tls.termination === "edge" ? "pass" : "refuse";
  if (tls.insecureEdgeTerminationPolicy === "Redirect") return "redirect";
  const isAllowed = tls.termination === "edge" && tls.insecureEdgeTerminationPolicy === "Allow";
  return isAllowed ? "pass" : "refuse";
}

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
}

function forwarded(request: IncomingMessage, scheme: Scheme): Record<string, string> {
  return {
    "x-forwarded-for": request.socket.remoteAddress ?? "",
    "x-forwarded-host": request.headers.host ?? "",
    "x-forwarded-proto": scheme,
  };
}

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const hops = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hops.has(name)));
}

function unavailable(response: ServerResponse, why: string): void {
  response.writeHead(503, { "content-type": "text/plain; charset=utf-8" });
  response.end(`The application is not available. ${why}\n`);
}
