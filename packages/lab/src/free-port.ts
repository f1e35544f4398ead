import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

// Below the ports a kernel gives to whoever asks for any (32,768 and up on Linux), which would be
// taken by others before the program they are meant for listens, and below Kubernetes' node ports.
const first = 20_000;
const last = 29_999;

// Each process goes on from a place of its own, so that it never gives a port away twice in a row.
let next = randomInt(first, last + 1);

/** A port of the loopback for a program that must be told its own: free now, and of no use to others. */
export async function freePort(): Promise<number> {
  for (let tried = first; tried <= last; tried += 1) {
    const port = next;
    next = port === last ? first : port + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`All ports between ${first} and ${last} are taken.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
