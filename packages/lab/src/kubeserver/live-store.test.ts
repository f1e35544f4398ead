import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startRealServer } from "../conformance/real-server.ts";
import type { RunningServer } from "../conformance/server-under-test.ts";
import { findKubeAssets } from "./kube-assets.ts";
import { cached, objectOf, proxiedStore, uncached, type Sort } from "./testing/proxied-store.ts";

const assets = findKubeAssets(process.env);
/** For a machine that does much else beside. */
const PATIENCE = { timeout: 60_000 };
const isRequired = process.env["DROVER_REQUIRE_KUBE"] === "1";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test.skipIf(assets === undefined && !isRequired)("a real kube-apiserver is at hand", () => {
  expect(assets, "npm run kube-assets fetches kube-apiserver and etcd").toBeDefined();
});

/** The same numbers on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

describe.skipIf(assets === undefined)("a live store on a real kube-apiserver", () => {
  let running: RunningServer;

  beforeAll(async () => {
    if (assets !== undefined) running = await startRealServer(assets);
  });
  afterAll(() => running.close(), 60_000);

  const compact = async (): Promise<void> => running.server.compact?.();

  test.each<[string, number, Sort]>([
    ["the server's cache", 1, cached],
    ["the server's cache", 22, cached],
    ["etcd", 333, uncached],
  ])(
    "settles without loss or phantom behind a network that does everything wrong: watches from %s, seed %i",
    async (_, seed, sort) => {
      const world = await proxiedStore(running.server, sort, { watchdogMs: 300 });
      const { proxy } = world;
      const random = numbers(seed);
      const faults: (() => void | Promise<void>)[] = [
        () => proxy.dropConnections(),
        () => proxy.cutMidEvent(),
        () => proxy.expireWatches(),
        () => proxy.refuseNext({ verb: "watch", code: 410 }),
        () => proxy.refuseNext({ verb: "watch", code: 429 }),
        () => proxy.refuseNext({ verb: "list", code: 429 }),
        () => proxy.refuseNext({ verb: "list", code: 500 }),
        () => void (proxy.delayMs = random(20)),
        compact,
        async () => {
          await proxy.goAway();
          await sleep(random(100));
          await proxy.comeBack();
        },
      ];
      const there = new Set<string>();
      for (let step = 0; step < 400; step += 1) {
        const name = `n${random(15)}`;
        if (there.has(name) && random(2) === 0) {
          await world.remove(name);
          there.delete(name);
        } else {
          await world.put(name, String(step));
          there.add(name);
        }
        if (random(8) === 0) await faults[random(faults.length)]?.();
      }
      await world.put("last", "");
      await world.agreement();
      expect([...world.heard].toSorted()).toEqual([...there, "last"].toSorted());
      expect(world.mistakes).toEqual([]);
      expect(proxy.mostListsAtOnce).toBe(1);
    },
  );

  test("what etcd forgot while the server was out of reach costs one list", async () => {
    const world = await proxiedStore(running.server, uncached);
    const { proxy } = world;
    await world.put("stays", "");
    for (let round = 1; round <= 4; round += 1) {
      await world.agreement();
      await proxy.goAway();
      await world.put("stays", String(round));
      await world.put(`came-${round}`, "");
      if (round > 1) await world.remove(`came-${round - 1}`);
      await compact();
      await proxy.comeBack();
      await world.agreement();
      await vi.waitFor(() => expect(proxy.watchesNow).toBe(1), PATIENCE);
      expect(proxy.lists).toBe(1 + round);
    }
    expect(world.mistakes).toEqual([]);
  });

  test("a list whose next page etcd forgot is whole all the same", async () => {
    const world = await proxiedStore(running.server, cached, {
      before: (calm) => fill(calm, 1_200),
    });
    const { proxy } = world;
    let isForgotten = false;
    proxy.beforePage = async (page) => {
      if (page === "first" || isForgotten) return;
      isForgotten = true;
      await world.remove("object-0");
      await world.put("late", "");
      await compact();
    };
    await vi.waitFor(() => expect(proxy.watchesNow).toBe(1), PATIENCE);
    proxy.expireWatches();
    await vi.waitFor(() => expect(isForgotten).toBe(true), PATIENCE);
    await world.agreement();
    expect(world.store.size).toBe(1_200);
    expect(world.mistakes).toEqual([]);
  });

  test(
    "30,000 objects come in pages of 500 and cost at most 2 KiB each",
    { timeout: 300_000 },
    async () => {
      const before = await liveHeapBytes();
      const { store, proxy, put, agreement } = await proxiedStore(running.server, cached, {
        before: (calm) => fill(calm, 30_000),
      });
      expect(store.size).toBe(30_000);
      expect(proxy.longestPage).toBe(500);
      expect(proxy.pages).toBe(60);
      expect(proxy.lists).toBe(1);
      const kept = (await liveHeapBytes()) - before;
      expect(kept / store.size).toBeLessThan(2_048);
      await put("object-1", "changed");
      await vi.waitFor(() => expect(proxy.watchesNow).toBe(1), PATIENCE);
      await agreement();
      expect(proxy.lists).toBe(1);
    },
  );
});

type Given = Parameters<NonNullable<Parameters<typeof proxiedStore>[2]>["before"] & object>[0];

/** Creates objects, many at a time. */
async function fill({ calm, namespace }: Given, count: number): Promise<void> {
  const text = "x".repeat(300);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const name = `object-${next}`;
      next += 1;
      await calm.create(cached.kind, objectOf(cached, { name, namespace, text }));
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
}

/** What lives on the heap, once nothing that is dead is counted. */
async function liveHeapBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  return process.memoryUsage().heapUsed;
}
