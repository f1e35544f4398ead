import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Reachability } from "./unreachable.ts";

/** The listening side of a server. While nobody is to reach it, it does not listen: connections are refused. */
export type ServerDoor = { readonly port: number; close(): Promise<void> };

export type DoorOptions = {
  readonly server: Server;
  readonly host: string;
  /** 0 for any free port, which is kept from then on. */
  readonly port: number;
  readonly reachability: Reachability;
  readonly onFailure: (error: unknown) => void;
};

/** Listens, and follows what the reachability says until it is closed. */
export async function openDoor(options: DoorOptions): Promise<ServerDoor> {
  const { server, host, reachability, onFailure } = options;
  await listen(server, options.port, host);
  const { port } = server.address() as AddressInfo;
  let turning = Promise.resolve();
  const turn = async (): Promise<void> => {
    if (server.listening === !reachability.isRefused) return;
    if (reachability.isRefused) await shut(server);
    else await listen(server, port, host);
  };
  const follow = (): void => void (turning = turning.then(turn).catch(onFailure));
  follow();
  const leave = reachability.onChange(follow);
  return {
    port,
    async close() {
      leave();
      await turning;
      if (server.listening) await shut(server);
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  await once(server, "listening");
}

async function shut(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
