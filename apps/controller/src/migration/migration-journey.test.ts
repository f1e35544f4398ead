import { MigPlan, PersistentVolumeClaim, Pod, StatefulSet, hasCondition } from "@drover/crds";
import { verifyLedgerFile } from "@drover/lab";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { aReadyPlan, hasSucceeded, run, startMigrationLab } from "../testing/migration-lab.ts";
import type { MigrationLab } from "../testing/migration-lab.ts";
import { NAMESPACE } from "../testing/test-cluster.ts";

const CLAIM = "ledger-data-ledger-0";

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab();
  await lab.startController();
});

afterAll(() => lab?.close(), 60_000);

/** The ledger's file on a cluster's disk. */
async function ledgerFile(cluster: "host" | "source", namespace: string): Promise<string> {
  const claim = await lab[cluster].get(PersistentVolumeClaim, { name: CLAIM, namespace });
  const { volumesDir } = lab.lab.cluster(cluster);
  return join(volumesDir, claim.spec.volumeName ?? "", "ledger.log");
}

async function recordsOf(cluster: "host" | "source", namespace: string): Promise<number> {
  const verdict = await verifyLedgerFile(await ledgerFile(cluster, namespace));
  expect(verdict.broken).toBeUndefined();
  return verdict.records;
}

const untilRecords = (cluster: "host" | "source", namespace: string, beyond: number) =>
  vi.waitFor(async () => expect(await recordsOf(cluster, namespace)).toBeGreaterThan(beyond), {
    timeout: 60_000,
    interval: 50,
  });

const replicasOn = async (cluster: "host" | "source", namespace: string) =>
  (await lab[cluster].get(StatefulSet, { name: "ledger", namespace })).spec.replicas;

test.each([
  ["straight", false],
  ["through the repository", true],
])("moves a living ledger %s, and back", async (_way, isIndirect) => {
  await untilRecords("source", "ledger", 3);
  const plan = isIndirect ? "ledger-indirect" : "ledger";
  const spec = { indirectVolumeMigration: isIndirect };
  await aReadyPlan(lab, { name: plan, namespaces: ["ledger:ledger-new"], spec });

  const first = await run(lab, { name: `${plan}-stage-1`, plan, spec: { stage: true } });
  expect(hasSucceeded(first), JSON.stringify(first.status, null, 1)).toBe(true);
  expect(await replicasOn("source", "ledger")).toBe(1);
  const second = await run(lab, { name: `${plan}-stage-2`, plan, spec: { stage: true } });
  expect(hasSucceeded(second), JSON.stringify(second.status)).toBe(true);

  const cutover = await run(lab, {
    name: `${plan}-cutover`,
    plan,
    spec: { stage: false, quiescePods: true },
  });
  expect(hasSucceeded(cutover), JSON.stringify(cutover.status, null, 1)).toBe(true);
  expect(hasCondition(cutover.status?.conditions, "CopyVerified")).toBe(true);
  expect(await replicasOn("source", "ledger")).toBe(0);
  const written = await readFile(await ledgerFile("source", "ledger"), "utf8");
  const before = await recordsOf("source", "ledger");
  expect(before).toBeGreaterThan(3);
  await untilRecords("host", "ledger-new", before);
  expect(await readFile(await ledgerFile("host", "ledger-new"), "utf8")).toContain(written);
  expect(await replicasOn("host", "ledger-new")).toBe(1);
  const left = await lab.source.list(Pod, { namespace: "ledger" });
  expect(left.map(({ metadata }) => metadata.name)).toEqual([]);

  const rollback = await run(lab, { name: `${plan}-rollback`, plan, spec: { rollback: true } });
  expect(hasSucceeded(rollback), JSON.stringify(rollback.status, null, 1)).toBe(true);
  expect(
    await lab.host.find(StatefulSet, { name: "ledger", namespace: "ledger-new" }),
  ).toBeUndefined();
  expect(await lab.host.list(PersistentVolumeClaim, { namespace: "ledger-new" })).toEqual([]);
  await untilRecords("source", "ledger", before);
  await lab.host.delete(MigPlan, { name: plan, namespace: NAMESPACE });
});
