import { expect, test } from "@playwright/test";
import { clusterAsAdmin, connectionTo } from "../world/clusters.ts";
import { apply, kubectl, tryKubectl } from "../world/kubectl.ts";
import { expectLedgerBeyond, ledgerText } from "../world/ledger.ts";
import { labRepository } from "../world/object-store.ts";

const MTC = "openshift-migration";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const ready = (kind: string, name: string) =>
  kubectl("host", ["wait", "--for=condition=Ready", `${kind}/${name}`, "-n", MTC, "--timeout=60s"]);

const onSource = { cluster: "source", namespace: "ledger" } as const;
const onTarget = { cluster: "edge", namespace: "ledger-by-hand" } as const;

/** Starts a run by its manifest and waits for how it ends. */
async function run(name: string, flags: string): Promise<void> {
  await apply(
    "host",
    `apiVersion: migration.openshift.io/v1alpha1
kind: MigMigration
metadata: { name: ${name}, namespace: ${MTC} }
spec:
  migPlanRef: { name: by-hand, namespace: ${MTC} }
  ${flags}
`,
  );
  const args = ["wait", `migmigration/${name}`, "-n", MTC, "--for=condition=Succeeded"];
  const { code } = await tryKubectl("host", [...args, "--timeout=180s"]);
  const phase = await kubectl("host", [
    "get",
    "migmigration",
    name,
    "-n",
    MTC,
    "-o",
    "jsonpath={.status}",
  ]);
  expect(code, phase).toBe(0);
}

test("the documented command-line procedure works with kubectl and manifests alone", async () => {
  test.setTimeout(600_000);

  await test.step("steps 1 to 4: clusters", async () => {
    await apply(
      "host",
      `apiVersion: migration.openshift.io/v1alpha1
kind: MigCluster
metadata: { name: host, namespace: ${MTC} }
spec: { isHostCluster: true }
`,
    );
    const { url, caPem = "" } = connectionTo("edge");
    const token = await clusterAsAdmin("edge").createToken({
      namespace: MTC,
      name: "migration-controller",
    });
    await apply(
      "host",
      `apiVersion: v1
kind: Secret
metadata: { name: edge-by-hand, namespace: openshift-config }
type: Opaque
data: { saToken: ${base64(token)} }
---
apiVersion: migration.openshift.io/v1alpha1
kind: MigCluster
metadata: { name: edge-by-hand, namespace: ${MTC} }
spec:
  insecure: false
  caBundle: ${base64(caPem)}
  isHostCluster: false
  serviceAccountSecretRef: { name: edge-by-hand, namespace: openshift-config }
  url: ${url}
`,
    );
    await ready("migcluster", "host");
    await ready("migcluster", "edge-by-hand");
  });

  await test.step("steps 5 to 7: the replication repository", async () => {
    const { bucket, url, accessKey, secretKey } = labRepository("by-hand");
    await apply(
      "host",
      `apiVersion: v1
kind: Secret
metadata: { name: storage-by-hand, namespace: openshift-config }
type: Opaque
data:
  aws-access-key-id: ${base64(accessKey)}
  aws-secret-access-key: ${base64(secretKey)}
---
apiVersion: migration.openshift.io/v1alpha1
kind: MigStorage
metadata: { name: by-hand, namespace: ${MTC} }
spec:
  backupStorageConfig:
    awsBucketName: ${bucket}
    awsS3Url: ${url}
    credsSecretRef: { name: storage-by-hand, namespace: openshift-config }
  backupStorageProvider: aws
  volumeSnapshotConfig:
    credsSecretRef: { name: storage-by-hand, namespace: openshift-config }
  volumeSnapshotProvider: aws
`,
    );
    await ready("migstorage", "by-hand");
  });

  await test.step("steps 8 and 9: the plan", async () => {
    await apply(
      "host",
      `apiVersion: migration.openshift.io/v1alpha1
kind: MigPlan
metadata: { name: by-hand, namespace: ${MTC} }
spec:
  destMigClusterRef: { name: edge-by-hand, namespace: ${MTC} }
  srcMigClusterRef: { name: source, namespace: ${MTC} }
  migStorageRef: { name: by-hand, namespace: ${MTC} }
  indirectImageMigration: true
  indirectVolumeMigration: false
  namespaces: ["ledger:ledger-by-hand"]
`,
    );
    await ready("migplan", "by-hand");
    const described = await kubectl("host", ["describe", "migplan", "by-hand", "-n", MTC]);
    expect(described).toContain("Persistent Volumes:");
  });

  await test.step("steps 10 and 11: stage, cut over, watch", async () => {
    await run("stage-by-hand", "stage: true");
    await run("cutover-by-hand", "stage: false\n  quiescePods: true");
    const written = await ledgerText(onSource);
    await expectLedgerBeyond(onTarget, written.split("\n").length);
    expect((await ledgerText(onTarget)).startsWith(written)).toBe(true);
    const pods = await kubectl("edge", ["get", "pods", "-n", "ledger-by-hand"]);
    expect(pods).toMatch(/ledger-0\s+1\/1\s+Running/);
  });

  await test.step("roll back", async () => {
    const written = await ledgerText(onSource);
    await run("rollback-by-hand", "stage: false\n  rollback: true");
    await expectLedgerBeyond(onSource, written.split("\n").length);
    const gone = await tryKubectl("edge", ["get", "statefulset", "ledger", "-n", "ledger-by-hand"]);
    expect(gone.stderr).toContain("NotFound");
  });

  await test.step("take everything back", async () => {
    await kubectl("host", ["delete", "migplan", "by-hand", "-n", MTC]);
    await kubectl("host", ["delete", "migstorage/by-hand", "migcluster/edge-by-hand", "-n", MTC]);
    await kubectl("host", [
      "delete",
      "secret",
      "edge-by-hand",
      "storage-by-hand",
      "-n",
      "openshift-config",
    ]);
  });
});
