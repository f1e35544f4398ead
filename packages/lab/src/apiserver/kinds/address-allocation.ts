import { fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ServerContext } from "../server-context.ts";

/** A cluster IP nobody uses, from the server's service network; undefined when all are taken. */
export function freeClusterIp(server: ServerContext): string | undefined {
  const taken = takenClusterIps(server);
  const network = server.settings.serviceNetwork;
  for (let number = 1; number < 65_535; number += 1) {
    const address = `${network}.${number >> 8}.${number & 255}`;
    if ((number & 255) !== 255 && (number & 255) !== 0 && !taken.has(address)) return address;
  }
  return undefined;
}

export function takenClusterIps(server: ServerContext, except?: string): Set<string | undefined> {
  return new Set(
    server.store
      .list("services")
      .filter((entry) => entry.object.metadata.uid !== except)
      .map((entry) => textOf(fieldsOf(entry.object["spec"])["clusterIP"])),
  );
}

/** A node port nobody uses, from the server's range; undefined when all are taken. */
export function freeNodePort(server: ServerContext, also: ReadonlySet<number>): number | undefined {
  const taken = takenNodePorts(server);
  const { first, last } = server.settings.nodePorts;
  const size = last - first + 1;
  const start = Math.floor(Math.random() * size);
  for (let offset = 0; offset < size; offset += 1) {
    const port = first + ((start + offset) % size);
    if (!taken.has(port) && !also.has(port)) return port;
  }
  return undefined;
}

export function takenNodePorts(server: ServerContext, except?: string): Set<number> {
  const ports = new Set<number>();
  for (const entry of server.store.list("services")) {
    if (entry.object.metadata.uid === except) continue;
    for (const port of listOf(fieldsOf(entry.object["spec"])["ports"])) {
      const number = numberOf(fieldsOf(port)["nodePort"]);
      if (number !== undefined) ports.add(number);
    }
  }
  return ports;
}
