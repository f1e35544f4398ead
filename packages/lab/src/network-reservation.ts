import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Server } from "node:net";
import type { Addressing } from "./lab-identity.ts";

/** A stretch of loopback addresses and node ports that no other lab on this machine takes while it is held. */
export type NetworkReservation = { release(): void };

// Each slot is three networks (pods, services, load balancers) from here on, and a few node ports.
const firstNetwork = 50;
const slots = 65;
const firstNodePort = 30_900;
const nodePortsPerSlot = 28;
/** Whoever listens on this port of a network's last pod address has the network. */
const markerPort = 47_999;

/** Finds a free stretch and holds it. */
export async function reserveAddressing(): Promise<{
  addressing: Addressing;
  reservation: NetworkReservation;
}> {
  const start = randomInt(slots);
  for (let tried = 0; tried < slots; tried += 1) {
    const slot = (start + tried) % slots;
    const network = firstNetwork + slot * 3;
    const reservation = await reserveNetwork(network);
    if (reservation === undefined) continue;
    const first = firstNodePort + slot * nodePortsPerSlot;
    const nodePorts = { first, last: first + nodePortsPerSlot - 1 };
    return { addressing: { network, nodePorts }, reservation };
  }
  throw new Error(`All ${slots} loopback networks are held by other labs; stop some of them.`);
}

/** Holds a network; undefined when another lab has it. */
export async function reserveNetwork(network: number): Promise<NetworkReservation | undefined> {
  const server = createServer();
  try {
    await listen(server, `127.${network}.127.254`);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return undefined;
    throw error;
  }
  server.unref();
  return { release: () => void server.close() };
}

async function listen(server: Server, host: string): Promise<void> {
  server.listen(markerPort, host);
  await once(server, "listening");
}
