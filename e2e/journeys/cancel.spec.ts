import { expect, test } from "@playwright/test";
import { MigPlan, Pod, StatefulSet } from "@drover/crds";
import { addCluster } from "../screens/clusters.ts";
import { signIn } from "../screens/console.ts";
import { startRun } from "../screens/migrations.ts";
import { createPlan } from "../screens/plan-wizard.ts";
import { addRepository } from "../screens/repositories.ts";
import { clusterAsAdmin, connectionTo } from "../world/clusters.ts";
import { kubectl } from "../world/kubectl.ts";
import { expectLedgerBeyond, ledgerRecords } from "../world/ledger.ts";
import { labRepository } from "../world/object-store.ts";

const MTC = "openshift-migration";
const PLAN = "called-off";
const onSource = { cluster: "source", namespace: "ledger" } as const;

/** Kilobytes a second that each copy may take; an empty text lifts the limit. */
async function limitBandwidth(kilobytes: string): Promise<void> {
  const patch = JSON.stringify({ data: { RSYNC_OPT_BWLIMIT: kilobytes } });
  await kubectl("host", ["patch", "configmap", "migration-controller", "-n", MTC, "-p", patch]);
}

test.afterEach(() => limitBandwidth("-1"));

test("a cutover that is cancelled in the middle of a copy leaves the source as it was", async ({
  page,
}) => {
  const edge = clusterAsAdmin("edge");
  const source = clusterAsAdmin("source");
  await signIn(page, "admin");
  const { url, caPem = "" } = connectionTo("edge");
  const token = await edge.createToken({ namespace: MTC, name: "migration-controller" });
  await addCluster(page, { name: "edge-two", url, token, caBundle: caPem });
  await addRepository(page, labRepository("store-two"));
  await createPlan(page, {
    name: PLAN,
    source: "source",
    target: "edge-two",
    storage: "store-two",
    namespaces: [{ source: "ledger" }, { source: "shop", target: "called-off-shop" }],
    volumes: "direct",
  });
  // Slow enough that the copy is still under way when it is called off.
  await limitBandwidth("100");

  await startRun(page, PLAN, "Cutover");
  await expect(page.getByRole("progressbar", { name: "shop-data: Copying" })).toBeVisible();
  const written = await ledgerRecords(onSource);
  await page.getByRole("button", { name: "Cancel migration" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel migration" }).click();
  await expect(page.getByText("Canceled", { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  });

  await expectLedgerBeyond(onSource, written);
  const ledger = await source.get(StatefulSet, { namespace: "ledger", name: "ledger" });
  expect(ledger.spec?.replicas).toBe(1);
  expect(await edge.find(StatefulSet, { namespace: "ledger", name: "ledger" })).toBeUndefined();
  for (const cluster of [source, edge]) {
    const transfers = await cluster.list(Pod, { labelSelector: "owner=directvolumemigration" });
    expect(transfers.map(({ metadata }) => metadata.name)).toEqual([]);
  }
  await clusterAsAdmin("host").delete(MigPlan, { namespace: MTC, name: PLAN });
});
