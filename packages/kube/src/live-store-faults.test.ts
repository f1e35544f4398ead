import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { agreement, nameOf, watched, type Watched } from "./testing/watched-store.ts";

/** The same numbers on every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

type Heard = { readonly alive: Set<string>; readonly mistakes: string[] };

/** Follows what subscribers are told, and notes what cannot be true. */
function listenTo({ store }: Watched): Heard {
  const alive = new Set(store.list().map(nameOf));
  const mistakes: string[] = [];
  store.subscribe(({ type, object }) => {
    const name = nameOf(object);
    if (alive.has(name) !== (type !== "ADDED")) mistakes.push(`${type} ${name}`);
    if (type === "DELETED") alive.delete(name);
    else alive.add(name);
  });
  return { alive, mistakes };
}

test.each([1, 22, 333])(
  "settles without loss or phantom on a server that does everything wrong: seed %i",
  async (seed) => {
    // No list is due by the clock: what heals, heals because the store noticed.
    const world = await watched(["n0"], { watchdogMs: 150, retryMaxMs: 50 });
    const { server } = world;
    const heard = listenTo(world);
    const random = numbers(seed);
    const faults: (() => void | Promise<void>)[] = [
      () => server.endWatches("closed"),
      () => server.endWatches("cut"),
      () => server.endWatches("expired"),
      () => server.compact(),
      () => server.bookmark(),
      () => server.refuseNext({ verb: "watch", code: 429 }),
      () => server.refuseNext({ verb: "watch", code: 503 }),
      () => server.refuseNext({ verb: "list", code: 429 }),
      () => server.refuseNext({ verb: "list", code: 500 }),
      () => void (server.listDelayMs = random(20)),
      () => void (server.delivery = "swapped"),
      () => void (server.delivery = "doubled"),
      () => void (server.delivery = "orderly"),
      async () => {
        await server.goAway();
        await sleep(random(30));
        await server.comeBack();
      },
    ];
    for (let step = 0; step < 600; step += 1) {
      const name = `n${random(15)}`;
      if (server.names().includes(name) && random(2) === 0) server.remove(name);
      else server.put(name, { step: String(step) });
      if (random(8) === 0) await faults[random(faults.length)]?.();
      if (random(4) === 0) await sleep(1);
    }
    server.delivery = "orderly";
    server.put("last");
    await agreement(world);
    expect([...heard.alive].toSorted()).toEqual(server.names());
    expect(heard.mistakes).toEqual([]);
    expect(server.mostListsAtOnce).toBe(1);
  },
);

test("each expired version costs one list, never two", async () => {
  const world = await watched(["a"], { retryMaxMs: 10 });
  for (let round = 1; round <= 8; round += 1) {
    world.server.put("a", { round: String(round) });
    world.server.compact();
    world.server.endWatches("expired");
    await agreement(world);
    await expect.poll(() => world.server.watchersNow).toBe(1);
    expect(world.server.lists).toBe(1 + round);
  }
});

test("a server that keeps sending changes out of order is not listed in a loop", async () => {
  const world = await watched(["a"], { retryMinMs: 20, retryMaxMs: 5_000 });
  const { server } = world;
  server.delivery = "swapped";
  for (let step = 0; step < 240; step += 1) {
    server.put(`n${step % 7}`, { step: String(step) });
    await sleep(5);
  }
  expect(world.problems.map(({ message }) => message)).toContainEqual(
    expect.stringContaining("out of order"),
  );
  // Ever later: each further one stands for twice the time. Without pauses these would be 240.
  expect(server.lists).toBeLessThanOrEqual(15);
  server.delivery = "orderly";
  await agreement(world);
});

test("a bookmark that was overtaken does not repeat what was told", async () => {
  const world = await watched([]);
  const { server } = world;
  const early = server.version;
  server.put("ghost");
  server.remove("ghost");
  server.put("other");
  await agreement(world);
  server.bookmark(early);
  server.endWatches("closed");
  await expect.poll(() => server.watchersNow).toBe(1);
  server.put("last");
  await agreement(world);
  expect(world.changes).toEqual(["ADDED ghost", "DELETED ghost", "ADDED other", "ADDED last"]);
});

test("goes on watching while the list that only checks is refused", async () => {
  const world = await watched(["a"], { relistMs: 100 });
  world.server.listRefusal = 429;
  await expect.poll(() => world.problems.length).toBeGreaterThan(1);
  world.server.put("b");
  await agreement(world);
  expect(world.server.lists).toBe(1);
});

test("a server that was away for long is asked ever less often, and listed once when it is back", async () => {
  const world = await watched(["a", "b"], { retryMinMs: 10, retryMaxMs: 300 });
  const askedAt: number[] = [];
  await world.server.goAway();
  const before = world.problems.length;
  const begin = performance.now();
  while (performance.now() - begin < 2_000) {
    if (world.problems.length > before + askedAt.length) askedAt.push(performance.now());
    await sleep(1);
  }
  // Evenly at the shortest pause these would be more than a hundred, at the longest about seven.
  expect(askedAt.length).toBeLessThan(30);
  expect(askedAt.length).toBeGreaterThan(2);
  world.server.remove("a");
  world.server.put("c");
  world.server.compact();
  await world.server.comeBack();
  await agreement(world);
  expect(world.server.lists).toBe(2);
  expect(world.changes.toSorted()).toEqual(["ADDED a", "ADDED b", "ADDED c", "DELETED a"]);
});
