import { expect, test } from "@playwright/test";
import {
  ConfigMap,
  Deployment,
  MigCluster,
  MigPlan,
  MigStorage,
  PersistentVolumeClaim,
  Secret,
  Service,
  StatefulSet,
  type ResourceKind,
} from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { addCluster } from "../screens/clusters.ts";
import { goTo, signIn } from "../screens/console.ts";
import { deletePlan, expectEnding, runToSuccess, startRun } from "../screens/migrations.ts";
import { createPlan } from "../screens/plan-wizard.ts";
import { addRepository } from "../screens/repositories.ts";
import { clusterAsAdmin, connectionTo } from "../world/clusters.ts";
import { expectLedgerBeyond, ledgerRecords, ledgerText } from "../world/ledger.ts";
import { labRepository } from "../world/object-store.ts";
import { directoryListing, volumeDirectory } from "../world/volumes.ts";

const PLAN = "books-and-shop";
const MTC = "openshift-migration";
const onSource = { cluster: "source", namespace: "ledger" } as const;
const onTarget = { cluster: "edge", namespace: "books" } as const;

// Each cluster makes these for itself in every namespace.
const ownToEachCluster = /^(kube-root-ca\.crt|openshift-service-ca\.crt)$|-(token|dockercfg)-/;

async function objectNames(
  cluster: Cluster,
  kind: ResourceKind,
  namespace: string,
): Promise<string[]> {
  const objects = await cluster.list(kind, { namespace });
  return objects
    .map(({ metadata }) => metadata.name ?? "")
    .filter((name) => !ownToEachCluster.test(name));
}

test("moves a living application to another cluster and back", async ({ page }) => {
  test.setTimeout(600_000);
  const source = clusterAsAdmin("source");
  const edge = clusterAsAdmin("edge");
  const host = clusterAsAdmin("host");

  await test.step("sign in and register cluster edge with a token", async () => {
    await signIn(page, "admin");
    const { url, caPem = "" } = connectionTo("edge");
    const token = await edge.createToken({ namespace: MTC, name: "migration-controller" });
    await addCluster(page, { name: "edge", url, token, caBundle: caPem });
    const registered = await host.get(MigCluster, { namespace: MTC, name: "edge" });
    expect(registered.spec.url).toBe(url);
  });

  await test.step("add a replication repository", async () => {
    await addRepository(page, labRepository("lab-store"));
    const storage = await host.get(MigStorage, { namespace: MTC, name: "lab-store" });
    expect(storage.spec.backupStorageProvider).toBe("aws");
  });

  await test.step("plan the move of ledger, renamed, and shop", async () => {
    await createPlan(page, {
      name: PLAN,
      source: "source",
      target: "edge",
      storage: "lab-store",
      namespaces: [{ source: "ledger", target: "books" }, { source: "shop" }],
      volumes: "direct",
      verify: ["ledger-data-ledger-0"],
    });
    const plan = await host.get(MigPlan, { namespace: MTC, name: PLAN });
    expect(plan.spec.namespaces).toEqual(["ledger:books", "shop"]);
  });

  await test.step("stage twice while the ledger is being written", async () => {
    for (let stage = 0; stage < 2; stage += 1) {
      const before = await ledgerRecords(onSource);
      await runToSuccess(page, PLAN, "Stage");
      await expectLedgerBeyond(onSource, before);
      expect(await edge.find(StatefulSet, { namespace: "books", name: "ledger" })).toBeUndefined();
    }
  });

  const replicasBefore = (await source.get(Deployment, { namespace: "shop", name: "shop-web" }))
    .spec?.replicas;
  let written = "";

  await test.step("cut over, and nothing written is lost", async () => {
    await startRun(page, PLAN, "Cutover");
    // The shop's image stream stays where it is, and the run says so.
    await expectEnding(page, "Succeeded with warnings");
    await expect(
      page.getByText(/Image streams \[shop\/shop-web\] stay on cluster source/),
    ).toBeVisible();
    written = await ledgerText(onSource);
    await expectLedgerBeyond(onTarget, written.split("\n").length);
    expect((await ledgerText(onTarget)).startsWith(written)).toBe(true);

    const stopped = await source.get(StatefulSet, { namespace: "ledger", name: "ledger" });
    expect(stopped.spec?.replicas).toBe(0);
    const moved = await edge.get(Deployment, { namespace: "shop", name: "shop-web" });
    expect(moved.spec?.replicas).toBe(replicasBefore);
  });

  await test.step("every file of the shop arrived with owner, mode and links", async () => {
    const claims = await source.list(PersistentVolumeClaim, { namespace: "shop" });
    expect(claims.length).toBeGreaterThan(0);
    for (const { metadata } of claims) {
      const name = metadata.name ?? "";
      const [before, after] = await Promise.all([
        volumeDirectory("source", "shop", name).then(directoryListing),
        volumeDirectory("edge", "shop", name).then(directoryListing),
      ]);
      expect(Object.keys(before).length).toBeGreaterThanOrEqual(5000);
      expect(after).toEqual(before);
    }
  });

  await test.step("the objects of the shop are on the target", async () => {
    for (const kind of [ConfigMap, Secret, Service]) {
      const names = await objectNames(edge, kind, "shop");
      expect(names).toEqual(expect.arrayContaining(await objectNames(source, kind, "shop")));
    }
  });

  await test.step("the tree shows the proof and gives commands to copy", async () => {
    await expect(page.getByText("Identical").first()).toBeVisible();
    await page.getByRole("tab", { name: "Resources" }).click();
    const tree = page.getByRole("treegrid", { name: "Resources of the migration" });
    await expect(tree.getByText("DirectVolumeMigration", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: /^Actions for MigMigration/ }).click();
    await page.getByRole("menuitem", { name: "Copy oc describe" }).click();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied).toMatch(/^oc describe migmigration --namespace openshift-migration \S+$/);
    await page.getByRole("button", { name: /^Actions for MigPlan/ }).click();
    await page.getByRole("menuitem", { name: "View JSON" }).click();
    await expect(page.getByText('"kind": "MigPlan"')).toBeVisible();
  });

  await test.step("roll back: the target is empty and the source goes on", async () => {
    await runToSuccess(page, PLAN, "Roll back");
    await expectLedgerBeyond(onSource, written.split("\n").length);
    expect((await ledgerText(onSource)).startsWith(written)).toBe(true);
    expect(await edge.find(StatefulSet, { namespace: "books", name: "ledger" })).toBeUndefined();
    expect(await edge.find(Deployment, { namespace: "shop", name: "shop-web" })).toBeUndefined();
    const back = await source.get(Deployment, { namespace: "shop", name: "shop-web" });
    expect(back.spec?.replicas).toBe(replicasBefore);
  });

  await test.step("delete the plan, and only the plan", async () => {
    await deletePlan(page, PLAN);
    expect(await host.find(MigPlan, { namespace: MTC, name: PLAN })).toBeUndefined();
    expect(await source.find(StatefulSet, { namespace: "ledger", name: "ledger" })).toBeDefined();
  });

  await test.step("who did what is on record", async () => {
    await goTo(page, "Audit");
    for (const action of ["cluster.create", "storage.create", "plan.create", "migration.start"])
      await expect(page.getByRole("gridcell", { name: action }).first()).toBeVisible();
    await expect(page.getByRole("gridcell", { name: "admin" }).first()).toBeVisible();
  });
});
