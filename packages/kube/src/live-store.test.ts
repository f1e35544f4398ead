import { ConfigMap } from "@drover/crds";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "./connect.ts";
import { liveStore } from "./live-store.ts";
import { agreement, nameOf, namesIn, watched } from "./testing/watched-store.ts";

test("holds what the server holds and hears every change once", async () => {
  const world = await watched(["a", "b"]);
  world.server.put("c");
  world.server.put("a", { changed: "yes" });
  world.server.remove("b");
  await agreement(world);
  expect(world.changes).toEqual(["ADDED a", "ADDED b", "ADDED c", "MODIFIED a", "DELETED b"]);
  expect(world.store.size).toBe(2);
  expect(world.store.get({ namespace: "ns", name: "a" })?.data).toEqual({ changed: "yes" });
  expect(world.store.get({ namespace: "ns", name: "b" })).toBeUndefined();
  expect(world.server.lists).toBe(1);
});

test("tells what an object was before it changed", async () => {
  const { server, store } = await watched(["a"]);
  const seen: unknown[] = [];
  store.subscribe(({ object, previous }) => seen.push([previous?.data, object.data]));
  server.put("a", { n: "1" });
  await expect.poll(() => seen).toEqual([[{}, { n: "1" }]]);
});

test("does not keep managedFields", async () => {
  const { store } = await watched(["a"]);
  expect(store.list()[0]?.metadata).not.toHaveProperty("managedFields");
});

test("reads long collections page by page", async () => {
  const names = Array.from({ length: 1_201 }, (_, index) => `n${index}`);
  const { server, store } = await watched(names);
  expect(store.size).toBe(1_201);
  expect(server.listTimes).toHaveLength(3);
});

test("goes on without a new list when the server closes the watch or cuts it inside a line", async () => {
  const world = await watched(["a"]);
  world.server.endWatches("closed");
  world.server.put("b");
  await agreement(world);
  await expect.poll(() => world.server.watchersNow).toBe(1);
  world.server.endWatches("cut");
  world.server.put("c");
  await agreement(world);
  expect(world.server.lists).toBe(1);
  expect(world.changes).toEqual(["ADDED a", "ADDED b", "ADDED c"]);
});

test("lists again after 410 and tells only the difference", async () => {
  const world = await watched(["kept", "gone", "changed"]);
  world.server.isMute = true;
  world.server.remove("gone");
  world.server.put("changed", { n: "1" });
  world.server.put("new");
  world.server.compact();
  world.server.isMute = false;
  world.changes.length = 0;
  const kept = world.store.get({ namespace: "ns", name: "kept" });
  world.server.endWatches("expired");
  await agreement(world);
  expect(world.changes.sort()).toEqual(["ADDED new", "DELETED gone", "MODIFIED changed"]);
  expect(world.store.get({ namespace: "ns", name: "kept" })).toBe(kept);
});

test("notices a connection that went dead and takes up what it missed", async () => {
  const world = await watched(["a"], { watchdogMs: 100 });
  world.server.isMute = true;
  world.server.put("missed");
  world.server.isMute = false;
  await agreement(world);
  expect(world.server.lists).toBe(1);
});

test("a quiet collection without bookmarks is no problem and does not count as old", async () => {
  const { server, store, problems } = await watched(["a"], { watchdogMs: 50 });
  const listedAt = performance.now();
  await expect.poll(() => server.watches).toBeGreaterThan(3);
  expect(problems).toEqual([]);
  expect(server.lists).toBe(1);
  expect(store.lastEventAgeMs()).toBeLessThan(performance.now() - listedAt);
});

test("a problem that passed is no longer told, even when nothing happens afterwards", async () => {
  const { server, store, problems } = await watched(["a"]);
  server.refuseNext({ verb: "watch", code: 500 });
  server.endWatches("closed");
  await expect.poll(() => problems[0]?.code).toBe(500);
  await expect.poll(() => store.problem()).toBeUndefined();
});

test("does not take a quiet collection with bookmarks for a dead one", async () => {
  const { server, store, problems } = await watched(["a"], { watchdogMs: 1_500 });
  const listedAt = performance.now();
  const beat = setInterval(() => server.bookmark(), 40);
  onTestFinished(() => clearInterval(beat));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect(server.watches).toBe(1);
  expect(problems).toEqual([]);
  expect(store.lastEventAgeMs()).toBeLessThan(performance.now() - listedAt);
});

test("a repeated event changes nothing", async () => {
  const world = await watched(["a"]);
  world.server.put("a", { n: "1" });
  world.server.sendAgain(world.server.version);
  world.server.put("b");
  await agreement(world);
  expect(world.changes).toEqual(["ADDED a", "MODIFIED a", "ADDED b"]);
});

test("an event out of order brings nothing deleted back to life", async () => {
  const world = await watched([]);
  world.server.put("ghost");
  const added = world.server.version;
  world.server.remove("ghost");
  world.server.put("other");
  await agreement(world);
  world.server.sendAgain(added);
  world.server.put("last");
  await agreement(world);
  expect(world.changes.filter((change) => change === "ADDED ghost")).toHaveLength(1);
  expect(namesIn(world.store)).toEqual(["last", "other"]);
});

test("an event lost without a trace heals with the next list", async () => {
  const world = await watched(["a"], { relistMs: 300 });
  world.server.isMute = true;
  world.server.put("lost");
  world.server.isMute = false;
  world.server.put("seen");
  await agreement(world);
  expect(namesIn(world.store)).toContain("lost");
});

test("a list from the past is not believed", async () => {
  const world = await watched(["a"]);
  const past = world.server.snapshot();
  world.server.put("b");
  world.server.remove("a");
  await agreement(world);
  world.changes.length = 0;
  world.server.staleList = past;
  world.server.compact();
  world.server.endWatches("expired");
  await expect.poll(() => world.problems.at(-1)?.message).toContain("outdated list");
  world.server.staleList = undefined;
  world.server.put("c");
  await agreement(world);
  expect(world.changes).toEqual(["ADDED c"]);
});

test("a server that insists on an older state was set back and is believed", async () => {
  const world = await watched(["a"]);
  const past = world.server.snapshot();
  world.server.put("b");
  await agreement(world);
  world.server.restore(past);
  world.server.endWatches("expired");
  await agreement(world);
  world.server.put("c");
  await agreement(world);
  expect(namesIn(world.store)).toEqual(["a", "c"]);
});

test("survives a server that goes away and comes back", async () => {
  const world = await watched(["a", "b"]);
  await world.server.goAway();
  await expect.poll(() => world.store.problem()?.reason).toBe("Unreachable");
  world.server.remove("a");
  world.server.put("c");
  expect(namesIn(world.store)).toEqual(["a", "b"]);
  await world.server.comeBack();
  await agreement(world);
  expect(world.store.problem()).toBeUndefined();
  expect(world.changes).toEqual(["ADDED a", "ADDED b", "DELETED a", "ADDED c"]);
});

test("waits as long as a 429 asks, and tries again after 500 and 403", async () => {
  const world = await watched(["a"]);
  world.server.refuseNext(
    { verb: "list", code: 429, retryAfterSeconds: 1 },
    { verb: "list", code: 500 },
    { verb: "list", code: 403 },
  );
  world.server.put("b");
  world.server.compact();
  world.server.endWatches("expired");
  world.server.listTimes = [];
  await expect.poll(() => world.server.listTimes).toHaveLength(4);
  const [first = 0, second = 0] = world.server.listTimes;
  expect(second - first).toBeGreaterThanOrEqual(990);
  await agreement(world);
});

test("lists again when the token of a page expires, and never twice at once", async () => {
  const names = Array.from({ length: 1_001 }, (_, index) => `n${index}`);
  const world = await watched(names);
  world.server.listDelayMs = 40;
  world.server.put("late");
  world.server.compact();
  world.server.endWatches("expired");
  await expect.poll(() => world.server.lists).toBe(2);
  world.server.put("later");
  world.server.compact();
  await agreement(world);
  expect(world.server.mostListsAtOnce).toBe(1);
});

test("a thousand random faults leave no phantom and lose nothing", async () => {
  const world = await watched(["n0"], { watchdogMs: 200, relistMs: 400 });
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  const known = new Map([["n0", true]]);
  const twice: string[] = [];
  world.store.subscribe(({ type, object }) => {
    if (type === "ADDED" && known.get(nameOf(object)) === true) twice.push(nameOf(object));
    known.set(nameOf(object), type !== "DELETED");
  });
  const { server } = world;
  const faults = [
    () => server.endWatches("closed"),
    () => server.endWatches("cut"),
    () => server.endWatches("expired"),
    () => server.compact(),
    () => server.refuseNext({ verb: "watch", code: 500 }),
    () => server.refuseNext({ verb: "list", code: 429 }),
    () => void (server.isMute = !server.isMute),
  ];
  for (let step = 0; step < 1_000; step += 1) {
    const name = `n${random(20)}`;
    if (server.names().includes(name) && random(2) === 0) server.remove(name);
    else server.put(name, { step: String(step) });
    if (random(10) === 0) faults[random(faults.length)]?.();
    if (random(4) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  server.isMute = false;
  await agreement(world);
  const alive = [...known].filter(([, isAlive]) => isAlive).map(([name]) => name);
  expect(alive.sort()).toEqual(server.names());
  expect(twice).toEqual([]);
});

test("closing ends the watch and nothing is heard afterwards", async () => {
  const { server, store, changes } = await watched(["a"]);
  store.close();
  await expect.poll(() => server.watchersNow).toBe(0);
  server.put("b");
  expect(changes).toEqual(["ADDED a"]);
});

test("a store closed before its first list says so to who waits", async () => {
  const cluster = connect({ url: "https://127.0.0.1:1", timeoutMs: 1_000 });
  const store = liveStore(cluster, ConfigMap);
  store.close();
  await expect(store.ready).rejects.toMatchObject({ reason: "Closed" });
  await cluster.close();
});

test("one subscriber's mistake is reported and does not stop the others", async () => {
  const { server, store, changes, problems } = await watched([]);
  store.subscribe(() => {
    throw new Error("mistake");
  });
  server.put("a");
  await expect.poll(() => changes).toEqual(["ADDED a"]);
  expect(problems.map(String)).toEqual(["Error: mistake"]);
});
