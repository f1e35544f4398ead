import {
  Backup,
  ConfigMap,
  Deployment,
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigMigration,
  Pod,
  Restore,
  Secret,
  Service,
  hasCondition,
} from "@drover/crds";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  aReadyPlan,
  begin,
  ended,
  hasSucceeded,
  run,
  startMigrationLab,
  until,
} from "../testing/migration-lab.ts";
import type { MigrationLab } from "../testing/migration-lab.ts";
import { NAMESPACE } from "../testing/test-cluster.ts";

const TRANSFER_OBJECTS = { labelSelector: "owner=directvolumemigration" };
const main = fileURLToPath(new URL("../main.ts", import.meta.url));

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab();
  await lab.startController();
  await untilShopRuns("source", "shop");
  const spec = { indirectImageMigration: true };
  await aReadyPlan(lab, { name: "shop", namespaces: ["shop:shop-new"], spec });
});

afterAll(() => lab?.close(), 60_000);

const cutover = { stage: false, quiescePods: true };

async function shopPods(cluster: "host" | "source", namespace: string): Promise<number> {
  const pods = await lab[cluster].list(Pod, { namespace });
  return pods.filter(({ status }) => status?.phase === "Running").length;
}

async function untilShopRuns(cluster: "host" | "source", namespace: string): Promise<void> {
  const look = async () => {
    if ((await shopPods(cluster, namespace)) === 0) throw new Error("The shop does not run.");
  };
  await vi.waitFor(look, { timeout: 60_000, interval: 50 });
}

/** The sizes of the shop's workloads on the source. */
async function sizes(): Promise<(number | undefined)[]> {
  const found = await lab.source.list(Deployment, { namespace: "shop" });
  return found.map(({ spec }) => spec.replicas);
}

async function set(values: Record<string, string | null>): Promise<void> {
  const ref = { name: "migration-controller", namespace: NAMESPACE };
  await lab.host.patch(ConfigMap, ref, { type: "merge", body: { data: values } });
}

const untilCopying = (name: string) =>
  vi.waitFor(
    async () => {
      const copies = await lab.host.list(DirectVolumeMigration, { namespace: NAMESPACE });
      const own = copies.find(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);
      expect(own?.status?.runningPods?.length ?? 0).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 20 },
  );

/** Whether the one volume of a run is copied and proven, as its report says. */
async function isVerified(name: string): Promise<boolean> {
  const copies = await lab.host.list(DirectVolumeMigration, { namespace: NAMESPACE });
  const own = copies.find(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);
  const reports = await lab.host.list(DirectVolumeMigrationProgress, { namespace: NAMESPACE });
  const report = reports.find(
    ({ metadata }) => metadata.ownerReferences?.[0]?.uid === own?.metadata.uid,
  );
  return hasCondition(report?.status?.conditions, "CopyVerified");
}

async function expectNothingLeftOfTransfer(): Promise<void> {
  for (const cluster of [lab.host, lab.source]) {
    expect(await cluster.list(Pod, TRANSFER_OBJECTS)).toEqual([]);
    expect(await cluster.list(Service, TRANSFER_OBJECTS)).toEqual([]);
  }
  expect(await lab.source.list(Secret, TRANSFER_OBJECTS)).toEqual([]);
  expect(await lab.host.list(Secret, { ...TRANSFER_OBJECTS, namespace: "shop-new" })).toEqual([]);
}

async function expectSourceAsBefore(before: (number | undefined)[]): Promise<void> {
  expect(await sizes()).toEqual(before);
  await untilShopRuns("source", "shop");
}

test("a run cancelled in the middle of a copy leaves the source as it was", async () => {
  const before = await sizes();
  await set({ RSYNC_OPT_BWLIMIT: "8000" });
  await begin(lab, { name: "cancelled", plan: "shop", spec: cutover });
  await untilCopying("cancelled");
  expect(await sizes()).toEqual(before.map(() => 0));
  const ref = { name: "cancelled", namespace: NAMESPACE };
  await lab.host.patch(MigMigration, ref, { type: "merge", body: { spec: { canceled: true } } });

  const over = await ended(lab, "cancelled");
  expect(hasCondition(over.status?.conditions, "Canceled")).toBe(true);
  expect(hasCondition(over.status?.conditions, "Failed", "Succeeded")).toBe(false);
  await expectSourceAsBefore(before);
  await expectNothingLeftOfTransfer();
  expect(await lab.host.list(DirectVolumeMigration, { namespace: NAMESPACE })).toEqual([]);
  await vi.waitFor(async () => expect(await lab.source.list(Backup)).toEqual([]), {
    timeout: 60_000,
    interval: 50,
  });
});

test("a copy that differs stops the cutover before anything starts on the target", async () => {
  const before = await sizes();
  // Nothing is written, as if the target had lost it all; the comparison has to notice.
  await set({ RSYNC_OPT_BWLIMIT: null, RSYNC_OPT_EXTRAS: "--dry-run" });
  const over = await run(lab, { name: "differs", plan: "shop", spec: cutover });
  await set({ RSYNC_OPT_EXTRAS: null });

  expect(hasCondition(over.status?.conditions, "Failed"), JSON.stringify(over.status)).toBe(true);
  expect(over.status?.errors?.join(" ")).toMatch(/entries differ/);
  expect(await lab.host.list(Restore)).toEqual([]);
  expect(await lab.host.list(Deployment, { namespace: "shop-new" })).toEqual([]);
  await expectSourceAsBefore(before);
  await expectNothingLeftOfTransfer();
});

test("nothing of a copy is removed before its result is on record", async () => {
  await set({ RSYNC_OPT_BWLIMIT: "20000" });
  await begin(lab, { name: "unrecorded", plan: "shop", spec: cutover });
  await untilCopying("unrecorded");
  const refused = { verbs: ["patch"], resources: ["directvolumemigrations"], refuse: 500 as const };
  await lab.lab.faults.set({ clusters: { host: { api: [refused] } } });
  onTestFinished(() => lab.lab.faults.clear());
  await expect.poll(() => isVerified("unrecorded")).toBe(true);
  // Long enough for a controller that does not wait: it would be at it within the same pass.
  await sleep(2_000);
  const servers = await lab.host.list(Pod, TRANSFER_OBJECTS);
  const secrets = await lab.host.list(Secret, { ...TRANSFER_OBJECTS, namespace: "shop-new" });
  expect([servers.length, secrets.length]).toEqual([1, 1]);
  await lab.lab.faults.clear();

  const over = await ended(lab, "unrecorded");
  expect(hasSucceeded(over), JSON.stringify(over.status, null, 1)).toBe(true);
  await expectNothingLeftOfTransfer();
  const back = await run(lab, { name: "unrecorded-back", plan: "shop", spec: { rollback: true } });
  expect(hasSucceeded(back), JSON.stringify(back.status, null, 1)).toBe(true);
});

test("a controller killed in the middle of a copy goes on where it was", async () => {
  await lab.killController();
  await set({ RSYNC_OPT_BWLIMIT: "20000" });
  const first = startProcess();
  await begin(lab, { name: "killed", plan: "shop", spec: cutover });
  await untilCopying("killed");
  first.kill("SIGKILL");
  await once(first, "exit");
  const second = startProcess();
  try {
    const over = await ended(lab, "killed");
    expect(hasSucceeded(over), JSON.stringify(over.status, null, 1)).toBe(true);
    expect(hasCondition(over.status?.conditions, "CopyVerified")).toBe(true);
    await expectNothingLeftOfTransfer();
    const copies = await until(lab.host, MigMigration, "killed", () => true);
    expect(
      copies.status?.pipeline?.every(({ completed, skipped }) => completed ?? skipped),
    ).toBeTruthy();
    await untilShopRuns("host", "shop-new");
  } finally {
    second.kill("SIGTERM");
    await once(second, "exit");
  }
});

/** The controller as people run it. */
function startProcess(): ChildProcess {
  return spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"],
      DROVER_KUBECONFIG: lab.lab.layout.controllerKubeconfig,
      DROVER_CONTROLLER_PORT: "0",
    },
    stdio: "ignore",
  });
}
