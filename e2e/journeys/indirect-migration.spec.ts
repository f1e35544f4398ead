import { expect, test } from "@playwright/test";
import { MigCluster, MigStorage, PodVolumeBackup, StatefulSet } from "@drover/crds";
import { addCluster } from "../screens/clusters.ts";
import { signIn } from "../screens/console.ts";
import { deletePlan, runToSuccess } from "../screens/migrations.ts";
import { createPlan } from "../screens/plan-wizard.ts";
import { addRepository } from "../screens/repositories.ts";
import { clusterAsAdmin, connectionTo } from "../world/clusters.ts";
import { expectLedgerBeyond, ledgerText } from "../world/ledger.ts";
import { labRepository } from "../world/object-store.ts";

const PLAN = "ledger-by-store";
const MTC = "openshift-migration";
const onSource = { cluster: "source", namespace: "ledger" } as const;
const onTarget = { cluster: "edge", namespace: "ledger-by-store" } as const;

test("moves a living application through the replication repository and back", async ({ page }) => {
  test.setTimeout(600_000);
  const host = clusterAsAdmin("host");
  const edge = clusterAsAdmin("edge");
  await signIn(page, "admin");

  await test.step("cluster and repository", async () => {
    if (!(await host.find(MigCluster, { namespace: MTC, name: "edge" }))) {
      const { url, caPem = "" } = connectionTo("edge");
      const token = await edge.createToken({ namespace: MTC, name: "migration-controller" });
      await addCluster(page, { name: "edge", url, token, caBundle: caPem });
    }
    if (!(await host.find(MigStorage, { namespace: MTC, name: "lab-store" })))
      await addRepository(page, labRepository("lab-store"));
  });

  await createPlan(page, {
    name: PLAN,
    source: "source",
    target: "edge",
    storage: "lab-store",
    namespaces: [{ source: "ledger", target: "ledger-by-store" }],
    volumes: "indirect",
  });

  await test.step("stage: data goes through the store while the ledger runs", async () => {
    await runToSuccess(page, PLAN, "Stage");
    const backups = await clusterAsAdmin("source").list(PodVolumeBackup, { namespace: MTC });
    expect(backups.some(({ status }) => status?.phase === "Completed")).toBe(true);
  });

  await test.step("cut over, and nothing written is lost", async () => {
    await runToSuccess(page, PLAN, "Cutover");
    const written = await ledgerText(onSource);
    await expectLedgerBeyond(onTarget, written.split("\n").length);
    expect((await ledgerText(onTarget)).startsWith(written)).toBe(true);
  });

  await test.step("roll back", async () => {
    const written = await ledgerText(onSource);
    await runToSuccess(page, PLAN, "Roll back");
    await expectLedgerBeyond(onSource, written.split("\n").length);
    const place = { namespace: "ledger-by-store", name: "ledger" };
    expect(await edge.find(StatefulSet, place)).toBeUndefined();
    await deletePlan(page, PLAN);
  });
});
