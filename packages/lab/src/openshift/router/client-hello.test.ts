import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:tls";
import { expect, test } from "vitest";
import { readGreeting } from "./client-hello.ts";

async function helloFor(servername: string | undefined): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const host = "127.0.0.1";
  const client = connect({ host, port, ...(servername === undefined ? {} : { servername }) });
  client.on("error", () => client.destroy());
  const [socket] = (await once(server, "connection")) as [Socket];
  const [bytes] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  client.destroy();
  server.close();
  return bytes;
}

test("the name a client asks for is read, once all of its greeting is there", async () => {
  const hello = await helloFor("Web-One.apps.lab.drover.dev");
  expect(readGreeting(hello)).toEqual({
    isWhole: true,
    serverName: "web-one.apps.lab.drover.dev",
  });
  for (const length of [0, 3, 5, 100, hello.length - 1]) {
    expect(readGreeting(hello.subarray(0, length))).toEqual({ isWhole: false });
  }
});

test("a client that asks for no name has none, and neither has what is not TLS", async () => {
  expect(readGreeting(await helloFor(undefined))).toEqual({ isWhole: true, serverName: undefined });
  const http = Buffer.from("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
  expect(readGreeting(http)).toEqual({ isWhole: true, serverName: undefined });
  const cut = Buffer.from([22, 3, 1, 0, 3, 1, 255, 255]);
  expect(readGreeting(cut)).toEqual({ isWhole: true, serverName: undefined });
});
