import { ConfigMap } from "@drover/crds";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { outside, startKubectl } from "./testing/outside.ts";
import type { Outside } from "./testing/outside.ts";

let lab: Outside;

beforeAll(async () => {
  lab = await outside();
});
afterAll(() => lab.close());
afterEach(() => lab.lab.faults.clear());

const configMap = (name: string): string[] => ["create", "configmap", name];
const writes = { verbs: ["create"], resources: ["configmaps"] };
const source = (faults: object) => lab.lab.faults.set({ clusters: { source: faults } });

async function exists(name: string): Promise<boolean> {
  return (await lab.source.find(ConfigMap, { namespace: "default", name })) !== undefined;
}

test.each([409, 500] as const)("only the second write is refused with %i", async (refuse) => {
  await source({ api: [{ ...writes, nth: 2, refuse }] });
  const outcomes = [];
  for (const turn of [1, 2, 3]) {
    outcomes.push(await lab.kubectl(...configMap(`refused-${refuse}-${turn}`)));
  }
  expect(outcomes.map(({ error }) => error === undefined)).toEqual([true, false, true]);
  expect(outcomes[1]?.error).toMatch(/fault was injected/);
  expect(await exists(`refused-${refuse}-2`)).toBe(false);
  await lab.lab.faults.clear();
  expect((await lab.kubectl(...configMap(`refused-${refuse}-2`))).error).toBeUndefined();
});

test("kubectl waits and tries again when there are too many requests", async () => {
  await source({ api: [{ ...writes, refuse: 429, times: 1 }] });
  const { error, ms } = await lab.kubectl(...configMap("patient"));
  expect(error).toBeUndefined();
  expect(ms).toBeGreaterThan(1_000);
  expect(await exists("patient")).toBe(true);
});

test("an answer is lost though the work was done", async () => {
  await source({ api: [{ ...writes, cut: "after", times: 1 }] });
  expect((await lab.kubectl(...configMap("unanswered"))).error).toMatch(/EOF|reset/);
  expect(await exists("unanswered")).toBe(true);
  expect((await lab.kubectl(...configMap("unanswered"))).error).toMatch(/already exists/);
});

test("requests are slow, of one user only", async () => {
  await source({ api: [{ verbs: ["get"], user: "nobody-here", delayMs: 60_000 }] });
  const quick = await lab.kubectl("get", "namespace", "default");
  expect(quick.error).toBeUndefined();
  await source({ api: [{ verbs: ["get"], user: "admin", delayMs: 800 }] });
  expect((await lab.kubectl("get", "namespace", "default")).ms).toBeGreaterThan(800);
});

test("lists are behind, in a world that was so once", async () => {
  await lab.kubectl(...configMap("old"));
  await lab.kubectl("label", "configmap", "old", "state=before");
  await lab.kubectl("label", "--overwrite", "configmap", "old", "state=after");
  await lab.kubectl(...configMap("new"));
  await lab.kubectl("delete", "configmap", "patient", "--ignore-not-found");
  const list = async () =>
    (await lab.kubectl("get", "configmaps", "-L", "state", "--no-headers")).text;
  expect(await list()).toMatch(/old .*after/);
  // Besides our own changes there are those of the lab's controllers, such as the node's lease.
  await source({ api: [{ verbs: ["list"], resources: ["configmaps"], staleBy: 4 }] });
  const stale = await list();
  expect(stale).not.toMatch(/^new /m);
  expect(stale).toMatch(/^old /m);
  expect(stale).not.toMatch(/old .*after/);
  await lab.lab.faults.clear();
  expect(await list()).toMatch(/^new /m);
});

test("a watch ends without a word", async () => {
  const args = ["get", "configmaps", "--watch-only", "--no-headers"];
  const watching = startKubectl(lab, args);
  const shows = async (): Promise<string> => {
    await lab.kubectl("create", "configmap", `seen-${performance.now()}`);
    return watching.text();
  };
  await expect.poll(shows).toContain("seen-");
  lab.lab.faults.cutWatches("source");
  await watching.ended;
});

test("events of watches arrive late", async () => {
  await source({ watchDelayMs: 1_500 });
  const objects = lab.source.watch(ConfigMap, { namespace: "default", resourceVersion: "" });
  const begin = performance.now();
  await lab.kubectl(...configMap("late"));
  for await (const event of objects) {
    if (event.type === "ADDED" && event.object.metadata.name === "late") break;
  }
  expect(performance.now() - begin).toBeGreaterThan(1_500);
});

test("the clock of the API server is ahead, and right again", async () => {
  const created = async (name: string): Promise<number> => {
    await lab.kubectl(...configMap(name));
    const path = "jsonpath={.metadata.creationTimestamp}";
    const { text } = await lab.kubectl("get", "configmap", name, "-o", path);
    return (Date.parse(text) - Date.now()) / 1000;
  };
  await source({ clockSkewSeconds: 3600 });
  expect(await created("tomorrow")).toBeGreaterThan(3500);
  await lab.lab.faults.clear();
  expect(Math.abs(await created("today"))).toBeLessThan(30);
});
