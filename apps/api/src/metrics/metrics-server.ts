import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Metrics } from "./metrics.ts";

/** Serves metrics on a port of their own, on loopback only: they are nobody's business on the public one. */
export async function startMetricsServer(metrics: Metrics, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const isKnown = request.method === "GET" && request.url === "/metrics";
    response.writeHead(isKnown ? 200 : 404, { "content-type": "text/plain; version=0.0.4" });
    response.end(isKnown ? metrics.render() : "Metrics are at /metrics.\n");
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
