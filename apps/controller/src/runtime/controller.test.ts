import { ConfigMap, Event, MigHook } from "@drover/crds";
import { KubeError } from "@drover/kube";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { runReconcilers } from "../testing/run-reconcilers.ts";
import {
  NAMESPACE,
  conditionOf,
  conditionTypes,
  create,
  expectEventually,
  startTestCluster,
} from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { done, waiting } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import type { Pass, Reconciler } from "./reconciler.ts";

let host: TestCluster;
let count = 0;
let name = "";

beforeAll(async () => void (host = await startTestCluster("host")));
afterAll(async () => host.close());
beforeEach(() => void (name = `hook-${(count += 1)}`));

const spec = { custom: true, image: "x", targetCluster: "source" } as const;
const addHook = () =>
  create(host.cluster, MigHook, { metadata: { name, namespace: NAMESPACE }, spec });

type Looks = {
  readonly reconcile: (pass: Pass<MigHook>, look: number) => Promise<Outcome>;
  readonly more?: Partial<Reconciler<MigHook>>;
};

/** Runs one reconciler that looks only at this test's object; counts its looks. */
async function run({ reconcile, more = {} }: Looks) {
  const mine = name;
  let looks = 0;
  const reconciler: Reconciler<MigHook> = {
    kind: MigHook,
    ...more,
    reconcile: async (pass) => (pass.key.name === mine ? reconcile(pass, (looks += 1)) : done),
  };
  const { stop, metrics } = await runReconcilers(host, () => [reconciler]);
  return { stop, metrics, looks: () => looks };
}

it("writes status once per pass, and does not wake itself by doing so", async () => {
  const added = await addHook();
  const { stop, looks } = await run({
    more: { observed: "digest" },
    reconcile: async (pass) => {
      pass.conditions.set({ type: "One", category: "Warn", message: "first" });
      pass.conditions.set({ type: "Two", category: "Advisory", message: "second" });
      return done;
    },
  });
  const hook = await expectEventually(host.cluster, MigHook, {
    name,
    is: (object) => expect(conditionTypes(object)).toEqual(["One", "Two"]),
  });
  const body = { metadata: { labels: { look: "again" } } };
  await host.cluster.patch(MigHook, { name, namespace: NAMESPACE }, { type: "merge", body });
  await expect.poll(looks).toBe(2);
  await stop();
  expect(looks()).toBe(2);
  const after = await host.cluster.get(MigHook, { name, namespace: NAMESPACE });
  expect(after.metadata.generation).toBe(hook.metadata.generation);
  expect(Number(hook.metadata.generation)).toBe(Number(added.metadata.generation) + 1);
});

it("records one event per condition, however often the pass repeats", async () => {
  await addHook();
  const { stop, looks } = await run({
    reconcile: async (pass, look) => {
      pass.conditions.set({ type: "Odd", category: "Error", message: "Something is odd." });
      return look < 3 ? waiting({ reason: "Again", message: "", afterMs: 1 }) : done;
    },
  });
  await expect.poll(looks).toBe(3);
  await stop();
  const events = await host.cluster.list(Event, { namespace: NAMESPACE });
  const mine = events.filter(({ involvedObject }) => involvedObject.name === name);
  expect(mine.map(({ reason, type, count: times }) => [reason, type, times])).toEqual([
    ["Odd", "Warning", 1],
  ]);
});

it("repeats the pass when someone else changed the object meanwhile, and loses nothing of theirs", async () => {
  await addHook();
  const ref = { name, namespace: NAMESPACE };
  const { stop, looks } = await run({
    reconcile: async (pass, look) => {
      const body = { metadata: { annotations: { person: "was here" } } };
      if (look === 1) await host.cluster.patch(MigHook, ref, { type: "merge", body });
      pass.conditions.setReady(true, `look ${look}`);
      return done;
    },
  });
  const hook = await expectEventually(host.cluster, MigHook, {
    name,
    is: (object) => expect(conditionOf(object, "Ready")?.message).toMatch(/look [2-9]/),
  });
  expect(hook.metadata.annotations?.["person"]).toBe("was here");
  expect(conditionTypes(hook)).toEqual(["Ready"]);
  await stop();
  expect(looks()).toBeGreaterThanOrEqual(2);
});

it("retries what throws, says so on the object after a while, and recovers", async () => {
  await addHook();
  let isBroken = true;
  const { stop } = await run({
    reconcile: async (pass) => {
      if (isBroken) throw new KubeError({ code: 503, reason: "Down", message: "It is down." });
      pass.conditions.setReady(true, "Fine.");
      return done;
    },
  });
  await expectEventually(host.cluster, MigHook, {
    name,
    is: (object) =>
      expect(conditionOf(object, "ReconcileFailed")?.message).toContain("It is down."),
  });
  isBroken = false;
  await expectEventually(host.cluster, MigHook, {
    name,
    is: (object) => expect(conditionTypes(object)).toEqual(["Ready"]),
  });
  await stop();
});

it("carries a durable condition over a pass that throws", async () => {
  await addHook();
  const { stop, looks } = await run({
    reconcile: async (pass, look) => {
      if (look === 1) {
        pass.conditions.set({ type: "Copied", category: "Advisory", durable: true });
        return waiting({ reason: "Again", message: "", afterMs: 1 });
      }
      expect(pass.conditions.has("Copied")).toBe(true);
      throw new Error("later trouble");
    },
  });
  await expect.poll(looks).toBeGreaterThan(2);
  await stop();
  const hook = await host.cluster.get(MigHook, { name, namespace: NAMESPACE });
  expect(conditionTypes(hook)).toContain("Copied");
});

it("keeps an object until its finalizer is done", async () => {
  await addHook();
  const finalizer = "migration.openshift.io/test";
  let mayGo = false;
  const { stop } = await run({
    reconcile: async () => done,
    more: {
      finalizer,
      finalize: async () =>
        mayGo ? done : waiting({ reason: "NotYet", message: "Not yet.", afterMs: 10 }),
    },
  });
  const hasFinalizer = (object: MigHook) => expect(object.metadata.finalizers).toEqual([finalizer]);
  await expectEventually(host.cluster, MigHook, { name, is: hasFinalizer });
  await host.cluster.delete(MigHook, { name, namespace: NAMESPACE });
  await expectEventually(host.cluster, MigHook, {
    name,
    is: (object) => expect(object.metadata.deletionTimestamp).toBeDefined(),
  });
  mayGo = true;
  const find = () => host.cluster.find(MigHook, { name, namespace: NAMESPACE });
  await expect.poll(find).toBeUndefined();
  await stop();
  // This reconciler put its finalizer on the other tests' objects too.
  for (const hook of await host.cluster.list(MigHook, { namespace: NAMESPACE })) {
    const ref = { name: hook.metadata.name ?? "", namespace: NAMESPACE };
    const body = { metadata: { finalizers: null } };
    await host.cluster.patch(MigHook, ref, { type: "merge", body });
  }
});

it("wakes at once when a watched object changes, and no longer once it stopped asking", async () => {
  await addHook();
  const watched = name;
  const config = { metadata: { name: watched, namespace: NAMESPACE }, data: { round: "1" } };
  await create(host.cluster, ConfigMap, config);
  const ref = { name: watched, namespace: NAMESPACE };
  const setRound = (round: string) =>
    host.cluster.patch(ConfigMap, ref, { type: "merge", body: { data: { round } } });
  const { stop, looks } = await run({
    reconcile: async (pass) => {
      const configMap = await host.cluster.get(ConfigMap, ref);
      if (configMap.data?.["round"] === "3") return done;
      const matches = ({ metadata }: ConfigMap) => metadata.name === watched;
      const target = { cluster: host.cluster, kind: ConfigMap, namespace: NAMESPACE, matches };
      const { find } = await pass.wakeOn(target);
      expect(find(ref)?.data?.["round"]).toBeDefined();
      return waiting({ reason: "Round", message: "Waits for round 3." });
    },
  });
  await expect.poll(looks).toBeGreaterThanOrEqual(1);
  const before = looks();
  await setRound("2");
  await expect.poll(looks).toBe(before + 1);
  await setRound("3");
  await expect.poll(looks).toBe(before + 2);
  await setRound("4");
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stop();
  expect(looks()).toBe(before + 2);
});

it("counts passes for Prometheus", async () => {
  await addHook();
  const { stop, looks, metrics } = await run({ reconcile: async () => done });
  await expect.poll(looks).toBe(1);
  await stop();
  const text = metrics.text();
  expect(text).toMatch(/drover_reconcile_total\{kind="MigHook",outcome="done"\} \d+/);
  expect(text).toMatch(/drover_reconcile_seconds_bucket\{kind="MigHook",le="\+Inf"\} \d+/);
  expect(text).toContain("# TYPE drover_queue_depth gauge");
});
