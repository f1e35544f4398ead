import {
  ConfigMap,
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigMigration,
  MigPlan,
  PersistentVolumeClaim,
  Pod,
  PodVolumeBackup,
  StatefulSet,
  hasCondition,
} from "@drover/crds";
import { sizedVolumesProblem, verifyLedgerFile } from "@drover/lab";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  aReadyPlan,
  begin,
  ended,
  hasSucceeded,
  run,
  startMigrationLab,
} from "../testing/migration-lab.ts";
import type { MigrationLab, PlanWish } from "../testing/migration-lab.ts";
import { NAMESPACE } from "../testing/test-cluster.ts";

const TRANSFER_OBJECTS = { labelSelector: "owner=directvolumemigration" };
const patience = { timeout: 60_000, interval: 25 };
const stage = { stage: true };
const CLAIM = "ledger-data-ledger-0";
const cutover = { stage: false, quiescePods: true };

/** Volumes that can be full need root and loop devices. */
const sizedProblem = await sizedVolumesProblem();

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab({ sizedVolumes: sizedProblem === undefined });
  await lab.startController();
  const look = async (): Promise<void> => {
    if ((await runningPods("shop")) < 2) throw new Error("The shop does not run.");
  };
  await vi.waitFor(look, patience);
});

afterAll(() => lab?.close(), 60_000);
afterEach(() => lab.lab.faults.clear());

const runningPods = async (namespace: string): Promise<number> => {
  const pods = await lab.source.list(Pod, { namespace });
  return pods.filter(({ status }) => status?.phase === "Running").length;
};

/** Gone after the test: two plans for one namespace are in each other's way. */
async function aPlan(wish: PlanWish): Promise<MigPlan> {
  onTestFinished(async () => {
    await lab.host.delete(MigPlan, { name: wish.name, namespace: NAMESPACE });
  });
  return aReadyPlan(lab, wish);
}

const migration = (name: string): Promise<MigMigration> =>
  lab.host.get(MigMigration, { name, namespace: NAMESPACE });

/** Everything a person could read about a run: its own status and that of its copies. */
async function wordsOf(name: string): Promise<string> {
  const { status } = await migration(name);
  const copies = await lab.host.list(DirectVolumeMigration, { namespace: NAMESPACE });
  const own = copies.filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);
  return JSON.stringify([status, own.map((copy) => copy.status)], null, 1);
}

async function expectNothingLeftOfTransfer(): Promise<void> {
  for (const cluster of [lab.host, lab.source]) {
    expect(await cluster.list(Pod, TRANSFER_OBJECTS)).toEqual([]);
  }
}

/** Waits until so many requests met an object store that is away. */
async function untilTurnedAway(count: number): Promise<void> {
  const { reachability } = lab.lab.faults.objectStore;
  const wanted = reachability.turnedAway + count;
  await vi.waitFor(() => expect(reachability.turnedAway).toBeGreaterThanOrEqual(wanted), patience);
}

test.each([
  ["unavailable", 5],
  ["hanging", 1],
] as const)(
  "a run waits while the object store is %s, and goes on when it is back",
  async (answer, requests) => {
    const spec = { indirectVolumeMigration: true, indirectImageMigration: true };
    await aPlan({ name: answer, namespaces: [`shop:shop-${answer}`], spec });
    // Slow enough to be caught in the middle.
    await lab.lab.faults.set({ objectStore: { delayMs: 100 } });
    await begin(lab, { name: answer, plan: answer, spec: stage });
    await vi.waitFor(async () => {
      const copies = await lab.source.list(PodVolumeBackup);
      expect(copies.map(({ status }) => status?.phase)).toContain("InProgress");
    }, patience);
    await lab.lab.faults.set({ objectStore: { answer } });
    await untilTurnedAway(requests);
    expect((await migration(answer)).status?.phase).not.toBe("Completed");
    await lab.lab.faults.clear();

    const over = await ended(lab, answer);
    expect(hasSucceeded(over), await wordsOf(answer)).toBe(true);
    expect(await shopFiles("host", `shop-${answer}`)).toEqual(await shopFiles("source", "shop"));
  },
);

test("a stage over a slow link shows how far it is, and ends when it is cancelled", async () => {
  const spec = { indirectImageMigration: true };
  await aPlan({ name: "slow", namespaces: ["shop:shop-slow"], spec });
  const before = await podsOf("shop");
  await lab.lab.faults.set({ clusters: { host: { link: { bytesPerSecond: 60_000 } } } });
  await begin(lab, { name: "slow", plan: "slow", spec: stage });
  await untilProgress("slow");
  const ref = { name: "slow", namespace: NAMESPACE };
  await lab.host.patch(MigMigration, ref, { type: "merge", body: { spec: { canceled: true } } });
  // To its end the copy would take longer than this test waits.
  const over = await ended(lab, "slow");
  expect(hasCondition(over.status?.conditions, "Canceled")).toBe(true);
  expect(hasCondition(over.status?.conditions, "Failed", "Succeeded")).toBe(false);
  await expectNothingLeftOfTransfer();
  expect(await podsOf("shop")).toEqual(before);

  await lab.lab.faults.clear();
  const again = await run(lab, { name: "slow-again", plan: "slow", spec: stage });
  expect(hasSucceeded(again), await wordsOf("slow-again")).toBe(true);
});

test("a run says that no node takes its pods, and goes on when one does", async () => {
  const spec = { indirectImageMigration: true };
  await aPlan({ name: "closed", namespaces: ["ledger:ledger-closed"], spec });
  await lab.lab.faults.set({ clusters: { host: { unschedulable: true } } });
  await begin(lab, { name: "closed", plan: "closed", spec: stage });
  await vi.waitFor(async () => {
    const words = await wordsOf("closed");
    expect(words).toMatch(/unschedulable/);
    expect(words).toMatch(/cluster host/);
  }, patience);
  await lab.lab.faults.clear();
  expect(hasSucceeded(await ended(lab, "closed")), await wordsOf("closed")).toBe(true);
});

test("a copy whose connection was cut in the middle is whole in the end", async () => {
  const spec = { indirectImageMigration: true };
  await aPlan({ name: "cut", namespaces: ["shop:shop-cut"], spec });
  await lab.lab.faults.set({ clusters: { host: { link: { bytesPerSecond: 60_000 } } } });
  await begin(lab, { name: "cut", plan: "cut", spec: cutover });
  await untilProgress("cut");
  await lab.lab.faults.set({ clusters: { host: { link: { isCut: true } } } });
  await vi.waitFor(async () => expect(await failedAttempts("cut")).toBeGreaterThan(0), patience);
  const words = async () =>
    (await migration("cut")).status?.conditions?.map(({ message }) => message);
  await vi.waitFor(async () => {
    expect((await words())?.join(" ")).toMatch(/shop-data: Waiting for the transfer server/);
  }, patience);
  await lab.lab.faults.clear();

  const over = await ended(lab, "cut");
  expect(hasSucceeded(over), await wordsOf("cut")).toBe(true);
  expect(hasCondition(over.status?.conditions, "CopyVerified")).toBe(true);
  const back = await run(lab, { name: "cut-back", plan: "cut", spec: { rollback: true } });
  expect(hasSucceeded(back), await wordsOf("cut-back")).toBe(true);
});

// Asked for by name: it disturbs the lab's own rooms as much as the controller, and both have to be better than chance.
test.skipIf(process.env["LAB_ROUGH"] !== "1")(
  "a cutover ends well among refusals, lost answers, old lists and late events",
  async () => {
    const spec = { indirectImageMigration: true };
    await aPlan({ name: "rough", namespaces: ["ledger:ledger-rough"], spec });
    const writes = ["create", "update", "patch", "delete"];
    const rough = {
      watchDelayMs: 150,
      api: [
        { verbs: writes, every: 17, refuse: 409 as const },
        { verbs: writes, every: 13, refuse: 500 as const },
        { verbs: writes, every: 19, cut: "after" as const },
        { verbs: ["get"], every: 9, refuse: 429 as const },
        { verbs: ["list"], every: 3, staleBy: 3 },
        { verbs: ["watch"], every: 2, cutAfterMs: 400 },
      ],
    };
    await lab.lab.faults.set({ clusters: { host: rough, source: rough } });
    const over = await run(lab, { name: "rough", plan: "rough", spec: cutover });
    await lab.lab.faults.clear();
    expect(hasSucceeded(over), await wordsOf("rough")).toBe(true);
    expect(hasCondition(over.status?.conditions, "CopyVerified")).toBe(true);
    const file = join(await volumePath("host", "ledger-rough", CLAIM), "ledger.log");
    expect((await verifyLedgerFile(file)).broken).toBeUndefined();
    const back = await run(lab, { name: "rough-back", plan: "rough", spec: { rollback: true } });
    expect(hasSucceeded(back), await wordsOf("rough-back")).toBe(true);
    await expectLedgerGoesOn();
  },
);

test.skipIf(sizedProblem !== undefined)(
  "a full volume on the target fails the cutover in words, and the source goes on",
  async () => {
    await setUp({ RSYNC_BACKOFF_LIMIT: "2" });
    const spec = { indirectImageMigration: true };
    const plan = await aPlan({ name: "full", namespaces: ["ledger:ledger-full"], spec });
    const persistentVolumes = (plan.spec.persistentVolumes ?? []).map((volume) => ({
      ...volume,
      selection: { ...volume.selection, storageClass: "sized" },
    }));
    const body = { spec: { persistentVolumes } };
    await lab.host.patch(MigPlan, { name: "full", namespace: NAMESPACE }, { type: "merge", body });
    const first = await run(lab, { name: "full-stage", plan: "full", spec: stage });
    expect(hasSucceeded(first), await wordsOf("full-stage")).toBe(true);
    const path = await volumePath("host", "ledger-full", CLAIM);
    await lab.lab.faults.set({ clusters: { host: { fullVolumes: [basename(path)] } } });

    const over = await run(lab, { name: "full", plan: "full", spec: cutover });
    expect(hasCondition(over.status?.conditions, "Failed"), await wordsOf("full")).toBe(true);
    expect(over.status?.errors?.join(" ")).toMatch(
      /could not be copied from cluster source to host.*ledger\/ledger-data-ledger-0.*No space left on device/s,
    );
    expect(
      await lab.host.find(StatefulSet, { name: "ledger", namespace: "ledger-full" }),
    ).toBeUndefined();
    await expectNothingLeftOfTransfer();
    await expectLedgerGoesOn();

    const back = await run(lab, { name: "full-back", plan: "full", spec: { rollback: true } });
    expect(hasSucceeded(back), await wordsOf("full-back")).toBe(true);
    expect(await lab.host.list(PersistentVolumeClaim, { namespace: "ledger-full" })).toEqual([]);
    await expectLedgerGoesOn();
    await setUp({ RSYNC_BACKOFF_LIMIT: null });
  },
);

/** Waits until a copy of a run has come some way. */
async function untilProgress(name: string): Promise<void> {
  await vi.waitFor(async () => {
    const shown = (await reportsOf(name)).map(({ status }) =>
      Number.parseInt(status?.totalProgressPercentage ?? "0", 10),
    );
    expect(Math.max(0, ...shown)).toBeGreaterThan(0);
  }, patience);
}

async function failedAttempts(name: string): Promise<number> {
  return (await reportsOf(name))
    .flatMap(({ status }) => status?.rsyncPodStatuses ?? [])
    .filter(({ phase }) => phase === "Failed").length;
}

async function reportsOf(name: string): Promise<DirectVolumeMigrationProgress[]> {
  const copies = await lab.host.list(DirectVolumeMigration, { namespace: NAMESPACE });
  const own = copies.find(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);
  const reports = await lab.host.list(DirectVolumeMigrationProgress, { namespace: NAMESPACE });
  return reports.filter(({ metadata }) => metadata.ownerReferences?.[0]?.uid === own?.metadata.uid);
}

async function setUp(values: Record<string, string | null>): Promise<void> {
  const ref = { name: "migration-controller", namespace: NAMESPACE };
  await lab.host.patch(ConfigMap, ref, { type: "merge", body: { data: values } });
}

async function expectLedgerGoesOn(): Promise<void> {
  const file = join(await volumePath("source", "ledger", CLAIM), "ledger.log");
  const before = await verifyLedgerFile(file);
  expect(before.broken).toBeUndefined();
  await vi.waitFor(async () => {
    const { broken, records } = await verifyLedgerFile(file);
    expect(broken).toBeUndefined();
    expect(records).toBeGreaterThan(before.records);
  }, patience);
}

async function volumePath(
  cluster: "host" | "source",
  namespace: string,
  name: string,
): Promise<string> {
  const claim = await lab[cluster].get(PersistentVolumeClaim, { name, namespace });
  return join(lab.lab.cluster(cluster).volumesDir, claim.spec.volumeName ?? "");
}

/** Without the folder in which Velero says that a volume is filled. */
async function shopFiles(cluster: "host" | "source", namespace: string): Promise<string[]> {
  const names = await readdir(await volumePath(cluster, namespace, "shop-data"));
  return names.filter((name) => name !== ".velero").toSorted();
}

async function podsOf(namespace: string): Promise<(string | undefined)[]> {
  const pods = await lab.source.list(Pod, { namespace });
  return pods.map(({ metadata }) => metadata.uid).toSorted();
}
