import { once } from "node:events";
import { createServer, connect } from "node:net";
import type { Socket } from "node:net";
import { NetworkLink } from "./network-link.ts";

export type Target = { readonly host: string; readonly port: number };

export type TcpProxy = {
  readonly port: number;
  close(): Promise<void>;
};

export type TcpProxyOptions = {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Asked once per connection; undefined resets the connection, as a service without endpoints does. */
  readonly target: () => Target | undefined;
  /** What the bytes pass; as fast as this machine when absent. */
  readonly link?: NetworkLink | undefined;
};

/** Passes bytes of every connection on to a target, half-closed connections included. */
export async function tcpProxy(options: TcpProxyOptions): Promise<TcpProxy> {
  const link = options.link ?? new NetworkLink();
  const open = new Set<Socket>();
  const track = (socket: Socket): void => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client);
    const target = link.isCut ? undefined : options.target();
    if (target === undefined) {
      client.on("error", () => client.destroy());
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ ...target, allowHalfOpen: true });
    track(upstream);
    join(client, upstream, link);
  });
  server.listen(options.port, options.host);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Connects a socket that was taken elsewhere to a target. */
export function joinSockets(client: Socket, target: Target, link: NetworkLink): void {
  const upstream = connect({ ...target, allowHalfOpen: true });
  client.once("close", () => upstream.destroy());
  join(client, upstream, link);
}

/** An error or an early close on one side resets the other, so neither end mistakes a cut for the end of data. */
function join(client: Socket, upstream: Socket, link: NetworkLink): void {
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.setNoDelay(true);
    link.carry(socket, other);
    socket.on("error", () => other.resetAndDestroy());
    socket.on("close", () => other.destroy());
  }
}
