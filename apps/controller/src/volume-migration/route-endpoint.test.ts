import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigMap, PersistentVolumeClaim, Route } from "@drover/crds";
import { liveStore } from "@drover/kube";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aReadyPlan, hasSucceeded, run, startMigrationLab } from "../testing/migration-lab.ts";
import type { MigrationLab } from "../testing/migration-lab.ts";
import { NAMESPACE } from "../testing/test-cluster.ts";

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab();
  const settings = { name: "migration-cluster-config", namespace: NAMESPACE };
  const body = { data: { RSYNC_ENDPOINT_TYPE: "Route" } };
  await lab.host.patch(ConfigMap, settings, { type: "merge", body });
  await lab.startController();
});
afterAll(() => lab.close());

test("volumes are copied through a Route where the target's settings say so", async () => {
  await aReadyPlan(lab, { name: "by-route", namespaces: ["ledger"] });
  const routes = liveStore(lab.host, Route);
  await routes.ready;
  const hosts = new Set<string | undefined>();
  routes.subscribe(({ object }) => hosts.add(object.status?.ingress?.[0]?.host));
  const spec = { stage: true, quiescePods: false };
  const staged = await run(lab, { name: "by-route-stage", plan: "by-route", spec });
  expect(hasSucceeded(staged), JSON.stringify(staged.status?.conditions)).toBe(true);
  routes.close();
  const isOfTarget = (host: string | undefined) => host?.endsWith(".apps.host.lab.drover.dev");
  expect([...hosts].some(isOfTarget), [...hosts].join()).toBe(true);
  const copied = { namespace: "ledger", name: "ledger-data-ledger-0" };
  const { spec: claim } = await lab.host.get(PersistentVolumeClaim, copied);
  const directory = join(lab.lab.cluster("host").volumesDir, claim.volumeName ?? "");
  expect(await readFile(join(directory, "ledger.log"), "utf8")).toMatch(/^1 /);
});
