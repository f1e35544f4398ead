import { once } from "node:events";
import { createServer as createHttp } from "node:http";
import type { Server, Socket } from "node:net";
import { NetworkLink } from "../../node/network-link.ts";
import type { ClusterView } from "../../node/runtime/cluster-view.ts";
import type { Running } from "../../node/runtime/controller.ts";
import type { Target } from "../../node/tcp-proxy.ts";
import type { KeyPair } from "../../tls/certificate-authority.ts";
import { httpFront } from "./http-front.ts";
import { routeTable } from "./route-table.ts";
import { tlsFront } from "./tls-front.ts";

export type Router = Running & {
  /** Where a connection to a host and port is taken; undefined when no Route of this cluster has the host. */
  resolve(host: string, port: number): Target | undefined;
};

export type RouterOptions = {
  readonly view: ClusterView;
  /** The loopback address it listens on. */
  readonly address: string;
  /** Issues certificates of hosts whose Route brings none. */
  readonly authority: KeyPair;
  /** What bytes of passthrough routes pass; as fast as this machine when absent. */
  readonly link?: NetworkLink;
};

const httpPort = 8080;
const httpsPort = 8443;

/** Carries traffic to the hosts of a cluster's Routes: plain HTTP, TLS that ends here, and TLS passed through. */
export async function startRouter(options: RouterOptions): Promise<Router> {
  const { view, address, authority, link = new NetworkLink() } = options;
  const table = routeTable(view);
  const http = createHttp(httpFront(table, "http", link));
  const https = tlsFront({ table, authority, link });
  const open = new Set<Socket>();
  for (const server of [http, https]) {
    server.on("connection", (socket) => {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
    });
  }
  const ports = new Map([
    [80, await listen(http, address, httpPort)],
    [443, await listen(https, address, httpsPort)],
  ]);
  return {
    resolve(host, port) {
      const own = ports.get(port);
      if (own === undefined || !table.hasHost(host)) return undefined;
      return { host: address, port: own };
    },
    async close() {
      const closed = [http, https].map((server) => once(server, "close"));
      for (const server of [http, https]) server.close();
      for (const socket of open) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** Takes another port when another lab has the usual one. */
async function listen(server: Server, address: string, port: number): Promise<number> {
  try {
    server.listen(port, address);
    await once(server, "listening");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    server.listen(0, address);
    await once(server, "listening");
  }
  const bound = server.address();
  if (typeof bound === "object" && bound !== null) return bound.port;
  throw new Error(`The router does not listen on ${address}.`);
}
