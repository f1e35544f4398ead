import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "./runtime/metrics.ts";

export type Readiness = "starting" | "standby" | "leading" | "stopping";

type Options = {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly readiness: () => Readiness;
};

export type HealthServer = { readonly port: number; close(): Promise<void> };

/** Answers whether the process lives (/healthz), whether it does its part (/readyz), and its figures (/metrics). */
export async function startHealthServer(options: Options): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET") return reply(response, 405, "Only GET is answered here.\n");
    if (pathname === "/healthz") return reply(response, 200, "ok\n");
    if (pathname === "/readyz") return replyReadiness(response, options.readiness());
    if (pathname === "/metrics") return reply(response, 200, options.metrics.text());
    return reply(response, 404, "Ask for /healthz, /readyz or /metrics.\n");
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function replyReadiness(response: ServerResponse, readiness: Readiness): void {
  const isReady = readiness === "leading" || readiness === "standby";
  reply(response, isReady ? 200 : 503, `${readiness}\n`);
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(text);
}
