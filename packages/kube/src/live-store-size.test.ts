import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ConfigMap } from "@drover/crds";
import { expect, onTestFinished, test, vi } from "vitest";
import { connect } from "./connect.ts";
import { liveStore } from "./live-store.ts";
import { FaultyApiServer } from "./testing/faulty-api-server.ts";
import { agreement, watched } from "./testing/watched-store.ts";

const MIB = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What lives on the heap, once nothing that is dead is counted. */
async function liveHeapBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}

test("memory stays flat over 200,000 events", async () => {
  const names = Array.from({ length: 500 }, (_, index) => `n${index}`);
  const world = await watched(names);
  const { server, store } = world;
  let heard = 0;
  store.subscribe(() => (heard += 1));
  world.changes.length = 0;
  let sent = 0;
  const send = async (events: number): Promise<void> => {
    for (const end = sent + events; sent < end;) {
      for (let count = 0; count < 2_000; count += 1, sent += 1) {
        server.put(`n${sent % 500}`, { sent: `${sent}`.padEnd(200, ".") });
      }
      await vi.waitFor(() => expect(heard).toBe(sent), { timeout: 60_000, interval: 1 });
      // The server's own history is not what is measured.
      server.compact();
      world.changes.length = 0;
    }
  };
  await send(20_000);
  const early = await liveHeapBytes();
  await send(180_000);
  const grown = (await liveHeapBytes()) - early;
  // Kept anywhere, the events alone would be 70 MiB and more.
  expect(grown).toBeLessThan(8 * MIB);
  expect(server.lists).toBe(1);
  await agreement(world);
});

test("30,000 objects come in pages of 500 and cost at most 2 KiB each", async () => {
  const server = await FaultyApiServer.start();
  const payload = "x".repeat(300);
  for (let index = 0; index < 30_000; index += 1) server.put(`object-${index}`, { payload });
  server.compact();
  const cluster = connect({ url: server.url, caPem: server.caPem });
  const before = await liveHeapBytes();
  const store = liveStore(cluster, ConfigMap);
  onTestFinished(async () => {
    store.close();
    await cluster.close();
    await server[Symbol.asyncDispose]();
  });
  await store.ready;
  expect(store.size).toBe(30_000);
  expect(server.longestPage).toBe(500);
  expect(server.listTimes).toHaveLength(60);
  const kept = (await liveHeapBytes()) - before;
  expect(kept / store.size).toBeLessThan(2_048);
});
