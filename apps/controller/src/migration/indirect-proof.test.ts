import {
  Deployment,
  DirectVolumeMigration,
  DirectVolumeMigrationProgress,
  MigPlan,
  PersistentVolumeClaim,
  Pod,
  PodVolumeRestore,
  Restore,
  StatefulSet,
  hasCondition,
} from "@drover/crds";
import type { KubeObject, MigMigration } from "@drover/crds";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  aReadyPlan,
  begin,
  ended,
  hasSucceeded,
  run,
  startMigrationLab,
} from "../testing/migration-lab.ts";
import type { MigrationLab } from "../testing/migration-lab.ts";
import { NAMESPACE } from "../testing/test-cluster.ts";

const cutover = { stage: false, quiescePods: true };
const TRANSFER_OBJECTS = { labelSelector: "owner=directvolumemigration" };

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab();
  await lab.startController();
});

afterAll(() => lab?.close(), 60_000);

async function reportsOf({ metadata }: MigMigration): Promise<DirectVolumeMigrationProgress[]> {
  const copies = await lab.host.list(DirectVolumeMigration, { namespace: NAMESPACE });
  const own = copies.find((copy) => isOwnedBy(copy, metadata.uid));
  const reports = await lab.host.list(DirectVolumeMigrationProgress, { namespace: NAMESPACE });
  return reports.filter((report) => isOwnedBy(report, own?.metadata.uid));
}

function isOwnedBy({ metadata }: KubeObject, uid: string | undefined): boolean {
  return metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}

/** Waits until Velero has filled the claims of the namespace, which it does without the controller. */
async function untilRestored(namespace: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const volumes = await lab.host.list(PodVolumeRestore);
      const own = volumes.filter(({ spec }) => spec.pod.namespace === namespace);
      expect(own.map(({ status }) => status?.phase)).toEqual(["Completed"]);
    },
    { timeout: 60_000, interval: 25 },
  );
}

async function untilStageRestoreBegins(): Promise<void> {
  await vi.waitFor(async () => expect(await lab.host.list(Restore)).not.toEqual([]), {
    timeout: 60_000,
    interval: 10,
  });
}

async function ledgerFileOnTarget(namespace: string): Promise<string> {
  const ref = { name: "ledger-data-ledger-0", namespace };
  const claim = await lab.host.get(PersistentVolumeClaim, ref);
  return join(lab.lab.cluster("host").volumesDir, claim.spec.volumeName ?? "", "ledger.log");
}

test("what changed on the target after the restore stops the cutover there, and the source starts again", async () => {
  const spec = { indirectVolumeMigration: true };
  await aReadyPlan(lab, { name: "tampered", namespaces: ["ledger:ledger-tampered"], spec });
  await begin(lab, { name: "tampered", plan: "tampered", spec: cutover });
  await untilStageRestoreBegins();
  await lab.killController();
  await untilRestored("ledger-tampered");
  await appendFile(await ledgerFileOnTarget("ledger-tampered"), "not from the source\n");
  await lab.startController();

  const over = await ended(lab, "tampered");
  expect(hasCondition(over.status?.conditions, "Failed"), JSON.stringify(over.status)).toBe(true);
  expect(over.status?.errors?.join(" ")).toMatch(
    /1 volumes are not proven equal on clusters source and host.*1 entries differ/,
  );
  const verdicts = (await reportsOf(over)).map(({ status }) => status);
  expect(verdicts.map((status) => hasCondition(status?.conditions, "CopyDiffers"))).toEqual([true]);
  expect(JSON.stringify(verdicts)).toMatch(/"differingPaths":\["[^ "]* ledger\.log"\]/);
  const ledger = { name: "ledger", namespace: "ledger-tampered" };
  expect(await lab.host.find(StatefulSet, ledger)).toBeUndefined();
  const source = await lab.source.get(StatefulSet, { name: "ledger", namespace: "ledger" });
  expect(source.spec.replicas).toBe(1);
  for (const cluster of [lab.host, lab.source]) {
    expect(await cluster.list(Pod, TRANSFER_OBJECTS)).toEqual([]);
  }
});

test("a volume of every sort of file is proven equal, content included, after the repository", async () => {
  const indirect = { indirectVolumeMigration: true, indirectImageMigration: true };
  const plan = await aReadyPlan(lab, {
    name: "shop",
    namespaces: ["shop:shop-proven"],
    spec: indirect,
  });
  const volumes = plan.spec.persistentVolumes ?? [];
  expect(volumes).not.toEqual([]);
  const verified = volumes.map((volume) => ({
    ...volume,
    selection: { ...volume.selection, verify: true },
  }));
  const body = { spec: { persistentVolumes: verified } };
  await lab.host.patch(MigPlan, { name: "shop", namespace: NAMESPACE }, { type: "merge", body });

  const over = await run(lab, { name: "shop", plan: "shop", spec: cutover });
  expect(hasSucceeded(over), JSON.stringify(over.status, null, 1)).toBe(true);
  expect(hasCondition(over.status?.conditions, "CopyVerified")).toBe(true);
  const reports = await reportsOf(over);
  expect(reports).toHaveLength(volumes.length);
  for (const { status } of reports) {
    const verdict = status?.conditions?.find(({ type }) => type === "CopyVerified");
    expect(verdict).toMatchObject({ status: "True", reason: "Content" });
  }
  expect(reports[0]?.status?.verification?.entries).toBeGreaterThan(5000);
  expect(await lab.host.list(Deployment, { namespace: "shop-proven" })).not.toEqual([]);
});

test("a cutover of running applications says that nothing was compared", async () => {
  const over = await run(lab, {
    name: "running",
    plan: "tampered",
    spec: { stage: false, quiescePods: false },
  });
  const { conditions } = over.status ?? {};
  expect(hasCondition(conditions, "SucceededWithWarnings"), JSON.stringify(over.status)).toBe(true);
  const warning = conditions?.find(({ type }) => type === "CopyNotVerified");
  expect(warning).toMatchObject({ category: "Warn" });
  expect(warning?.message).toContain("ledger/ledger-data-ledger-0");
  expect(hasCondition(conditions, "CopyVerified")).toBe(false);
});
