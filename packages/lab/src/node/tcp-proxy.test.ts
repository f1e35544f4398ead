import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { tcpProxy } from "./tcp-proxy.ts";

async function echoServer(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test("carries bytes both ways and passes a half close on", async () => {
  const port = await echoServer();
  const proxy = await tcpProxy({
    host: "127.0.0.1",
    port: 0,
    target: () => ({ host: "127.0.0.1", port }),
  });
  onTestFinished(() => proxy.close());
  const sent = randomBytes(3_000_000);
  const socket = connect(proxy.port, "127.0.0.1");
  socket.end(sent);
  const received = createHash("sha256");
  for await (const chunk of socket) received.update(chunk as Buffer);
  expect(received.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
});

test("resets a connection when there is no target", async () => {
  const proxy = await tcpProxy({ host: "127.0.0.1", port: 0, target: () => undefined });
  onTestFinished(() => proxy.close());
  const socket = connect(proxy.port, "127.0.0.1");
  const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(error.code).toBe("ECONNRESET");
});

test("closing ends open connections", async () => {
  const port = await echoServer();
  const proxy = await tcpProxy({
    host: "127.0.0.1",
    port: 0,
    target: () => ({ host: "127.0.0.1", port }),
  });
  const socket = connect(proxy.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("hello");
  await once(socket, "data");
  const closed = once(socket, "close");
  await proxy.close();
  await closed;
  expect(socket.destroyed).toBe(true);
});
