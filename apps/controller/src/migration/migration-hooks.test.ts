import { Job, MigHook, MigPlan, StatefulSet, hasCondition, isReady } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  aReadyPlan,
  hasSucceeded,
  run,
  startMigrationLab,
  until,
} from "../testing/migration-lab.ts";
import type { MigrationLab } from "../testing/migration-lab.ts";
import { NAMESPACE, create } from "../testing/test-cluster.ts";

let lab: MigrationLab;

beforeAll(async () => {
  lab = await startMigrationLab();
  await lab.startController();
});

afterAll(() => lab?.close(), 60_000);

const shell = "drover.lab/shell:1";

async function aHook(name: string, spec: Partial<MigHook["spec"]>): Promise<void> {
  await create(lab.host, MigHook, {
    metadata: { name, namespace: NAMESPACE },
    spec: { custom: true, image: shell, targetCluster: "source", ...spec },
  });
  await until(lab.host, MigHook, name, isReady);
}

function bound(name: string, phase: "PreBackup" | "PostRestore", executionNamespace: string) {
  const reference = { name, namespace: NAMESPACE };
  return { reference, phase, executionNamespace, serviceAccount: "default" };
}

test("runs hooks around a cutover, and stops it when one fails", async () => {
  await aHook("before", { targetCluster: "source" });
  await aHook("after", { targetCluster: "destination" });
  // Its command does not exist in this image, so it fails until its deadline is over.
  await aHook("broken", { custom: false, playbook: "LQo=", activeDeadlineSeconds: 2 });
  const plan = "hooked";
  const after = bound("after", "PostRestore", "ledger-hooked");
  const namespaces = ["ledger:ledger-hooked"];
  const spec = { hooks: [bound("broken", "PreBackup", "ledger"), after] };
  await aReadyPlan(lab, { name: plan, namespaces, spec });

  const cutover = { stage: false, quiescePods: true };
  const stopped = await run(lab, { name: "hook-fails", plan, spec: cutover });
  expect(hasCondition(stopped.status?.conditions, "Failed")).toBe(true);
  expect(stopped.status?.errors?.join()).toMatch(/PreBackup hook failed on cluster source/);
  expect(stopped.status?.pipeline?.find(({ failed }) => failed)?.name).toBe("PreBackupHooks");
  const ledger = await lab.source.get(StatefulSet, { name: "ledger", namespace: "ledger" });
  expect(ledger.spec.replicas).toBe(1);

  const hooks = [bound("before", "PreBackup", "ledger"), after];
  const ref = { name: plan, namespace: NAMESPACE };
  await lab.host.patch(MigPlan, ref, { type: "merge", body: { spec: { hooks } } });
  const done = await run(lab, { name: "hooks-run", plan, spec: cutover });
  expect(hasSucceeded(done), JSON.stringify(done.status)).toBe(true);
  const byPhase = (phase: string) => ({
    labelSelector: `phase=${phase},owner=${done.metadata.uid}`,
  });
  const jobs = [
    ...(await lab.source.list(Job, byPhase("PreBackup"))),
    ...(await lab.host.list(Job, byPhase("PostRestore"))),
  ];
  expect(jobs.map(({ status }) => status?.succeeded)).toEqual([1, 1]);
});
