import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { DirectVolumeMigration, MigCluster, MigMigration, MigPlan } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { productEnv } from "../product.ts";
import { clusterAsAdmin, connectionTo } from "../world/clusters.ts";
import { apply, kubectl } from "../world/kubectl.ts";
import { expectLedgerBeyond, ledgerText } from "../world/ledger.ts";
import { labRepository } from "../world/object-store.ts";

const run = promisify(execFile);
const MTC = "openshift-migration";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const onSource = { cluster: "source", namespace: "ledger" } as const;
const onTarget = { cluster: "edge", namespace: "killed" } as const;

/** The process that listens on the controller's health port. */
async function controllerPid(): Promise<number | undefined> {
  const port = productEnv["DROVER_CONTROLLER_PORT"] ?? "";
  const { stdout } = await run("ss", ["-Hltnp", `sport = :${port}`]);
  const pid = /pid=(\d+)/.exec(stdout)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

async function phaseOf(host: Cluster, name: string): Promise<string | undefined> {
  return (await host.get(MigMigration, { namespace: MTC, name })).status?.phase;
}

async function startRun(name: string, flags: string): Promise<void> {
  await apply(
    "host",
    `apiVersion: migration.openshift.io/v1alpha1
kind: MigMigration
metadata: { name: ${name}, namespace: ${MTC} }
spec: { migPlanRef: { name: killed, namespace: ${MTC} }, ${flags} }
`,
  );
}

async function expectSucceeded(host: Cluster, name: string): Promise<void> {
  await expect.poll(() => phaseOf(host, name), { timeout: 180_000 }).toBe("Completed");
  const { status } = await host.get(MigMigration, { namespace: MTC, name });
  expect(status?.conditions?.map(({ type }) => type)).toContain("Succeeded");
}

test("a controller killed in the middle of a copy goes on, and the ledger has no gap", async () => {
  test.setTimeout(600_000);
  const host = clusterAsAdmin("host");
  const { url, caPem = "" } = connectionTo("edge");
  const token = await clusterAsAdmin("edge").createToken({
    namespace: MTC,
    name: "migration-controller",
  });
  const { bucket, url: store, accessKey, secretKey } = labRepository("killed");
  await apply(
    "host",
    `apiVersion: v1
kind: Secret
metadata: { name: killed, namespace: openshift-config }
data:
  saToken: ${base64(token)}
  aws-access-key-id: ${base64(accessKey)}
  aws-secret-access-key: ${base64(secretKey)}
---
apiVersion: migration.openshift.io/v1alpha1
kind: MigCluster
metadata: { name: killed, namespace: ${MTC} }
spec:
  isHostCluster: false
  url: ${url}
  caBundle: ${base64(caPem)}
  serviceAccountSecretRef: { name: killed, namespace: openshift-config }
---
apiVersion: migration.openshift.io/v1alpha1
kind: MigStorage
metadata: { name: killed, namespace: ${MTC} }
spec:
  backupStorageProvider: aws
  backupStorageConfig:
    awsBucketName: ${bucket}
    awsS3Url: ${store}
    credsSecretRef: { name: killed, namespace: openshift-config }
---
apiVersion: migration.openshift.io/v1alpha1
kind: MigPlan
metadata: { name: killed, namespace: ${MTC} }
spec:
  srcMigClusterRef: { name: source, namespace: ${MTC} }
  destMigClusterRef: { name: killed, namespace: ${MTC} }
  migStorageRef: { name: killed, namespace: ${MTC} }
  namespaces: ["ledger:killed"]
`,
  );
  await kubectl("host", [
    "wait",
    "--for=condition=Ready",
    "migplan/killed",
    "-n",
    MTC,
    "--timeout=90s",
  ]);

  await startRun("killed-cutover", "stage: false, quiescePods: true");
  await expect
    .poll(
      async () => {
        const copies = await host.list(DirectVolumeMigration, { namespace: MTC });
        return copies.some(({ status }) => (status?.runningPods ?? []).length > 0);
      },
      { timeout: 90_000, intervals: [50] },
    )
    .toBe(true);
  const pid = await controllerPid();
  expect(pid).toBeDefined();
  process.kill(pid ?? 0, "SIGKILL");

  await expectSucceeded(host, "killed-cutover");
  expect(await controllerPid()).not.toBe(pid);
  const written = await ledgerText(onSource);
  await expectLedgerBeyond(onTarget, written.split("\n").length);
  expect((await ledgerText(onTarget)).startsWith(written)).toBe(true);

  await startRun("killed-rollback", "stage: false, rollback: true");
  await expectSucceeded(host, "killed-rollback");
  await expectLedgerBeyond(onSource, written.split("\n").length);
  await host.delete(MigPlan, { namespace: MTC, name: "killed" });
  await host.delete(MigCluster, { namespace: MTC, name: "killed" });
  await kubectl("host", ["delete", "migstorage", "killed", "-n", MTC]);
  await kubectl("host", ["delete", "secret", "killed", "-n", "openshift-config"]);
});
