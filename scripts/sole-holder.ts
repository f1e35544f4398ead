import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Does work that one process of this machine may do at a time, after whoever does it now. The hold is a socket: it
 * ends with its process, however that ends.
 */
export async function asSoleHolder<T>(
  name: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const address = addressOf(name);
  let release = await hold(address);
  if (release === undefined) onWait();
  while (release === undefined) {
    await endOfHolder(address);
    release = await hold(address);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** Linux has names without a file, which it forgets with the process; elsewhere a file is left after a kill. */
function addressOf(name: string): string {
  const socket = `drover-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  return process.platform === "linux" ? `\0${socket}` : join(tmpdir(), `${socket}.sock`);
}

/** Undefined when somebody else holds it. Those who wait are connected until it is released. */
function hold(address: string): Promise<(() => void) | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => waiting.delete(socket));
  });
  const release = (): void => {
    server.close();
    for (const socket of waiting) socket.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(release));
  });
}

function endOfHolder(address: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("error", () => {
      // Nobody answers at a file that a killed process left.
      if (!address.startsWith("\0")) rmSync(address, { force: true });
    });
    socket.once("close", () => resolve());
    socket.resume();
  });
}
