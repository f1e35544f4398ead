import { MigStorage, Secret } from "@drover/crds";
import { startObjectStore } from "@drover/lab";
import type { ObjectStore } from "@drover/lab";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addStorage } from "../testing/objects.ts";
import { runReconcilers } from "../testing/run-reconcilers.ts";
import type { RunningReconcilers } from "../testing/run-reconcilers.ts";
import {
  NAMESPACE,
  conditionOf,
  create,
  expectEventually,
  isJustReady,
  says,
  startTestCluster,
} from "../testing/test-cluster.ts";
import type { TestCluster } from "../testing/test-cluster.ts";
import { migStorageReconciler } from "./reconciler.ts";

const access = { bucket: "backups", accessKey: "drover", secretKey: "a-well-kept-secret" };
let dataDir: string;
let store: ObjectStore;
let host: TestCluster;
let running: RunningReconcilers;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "drover-storage-"));
  store = await startObjectStore({ dataDir, port: 0, ...access, buckets: ["backups"] });
  host = await startTestCluster("host");
  running = await runReconcilers(host, (deps) => [migStorageReconciler(deps)]);
});

afterAll(async () => {
  await running.stop();
  await host.close();
  await store.close();
  await rm(dataDir, { recursive: true });
});

it("is ready once an object was written, read and deleted in the bucket", async () => {
  await addStorage(host.cluster, "good", { ...access, url: store.url });
  const good = await expectEventually(host.cluster, MigStorage, { name: "good", is: isJustReady });
  expect(conditionOf(good, "Ready")?.message).toMatch(/written, read and deleted/);
});

it("says which bucket is missing, and is ready once the spec names the right one", async () => {
  await addStorage(host.cluster, "moving", { ...access, url: store.url, bucket: "nowhere" });
  await expectEventually(host.cluster, MigStorage, {
    name: "moving",
    is: says("BackupStorageProviderTestFailed", /no bucket nowhere/),
  });
  const body = { spec: { backupStorageConfig: { awsBucketName: "backups" } } };
  const ref = { name: "moving", namespace: NAMESPACE };
  await host.cluster.patch(MigStorage, ref, { type: "merge", body });
  await expectEventually(host.cluster, MigStorage, { name: "moving", is: isJustReady });
});

it("looks again at once when the Secret is mended, and never repeats a secret", async () => {
  const secretKey = "mistyped-secret";
  await addStorage(host.cluster, "mended", { ...access, url: store.url, secretKey });
  const failed = await expectEventually(host.cluster, MigStorage, {
    name: "mended",
    is: says("BackupStorageProviderTestFailed", /aws-secret-access-key/),
  });
  expect(JSON.stringify(failed.status)).not.toContain(secretKey);
  const data = { "aws-secret-access-key": Buffer.from(access.secretKey).toString("base64") };
  const ref = { name: "mended", namespace: NAMESPACE };
  await host.cluster.patch(Secret, ref, { type: "merge", body: { data } });
  await expectEventually(host.cluster, MigStorage, { name: "mended", is: isJustReady });
});

const credsSecretRef = { name: "good", namespace: NAMESPACE };

it.each([
  [
    "no-secret-ref",
    "aws",
    { awsBucketName: "b" },
    "InvalidBackupStorageCredsSecretRef",
    /namespace/,
  ],
  [
    "no-secret",
    "aws",
    { credsSecretRef: { name: "gone", namespace: NAMESPACE } },
    "InvalidBackupStorageCredsSecretRef",
    /does not exist/,
  ],
  [
    "no-bucket",
    "aws",
    { credsSecretRef },
    "InvalidBackupStorageSettings",
    /\[Bucket\].*awsBucketName is not set/,
  ],
  [
    "odd-url",
    "aws",
    { credsSecretRef, awsBucketName: "b", awsS3Url: "ftp://x" },
    "InvalidBackupStorageSettings",
    /\[S3URL\]/,
  ],
  [
    "gcp-secret",
    "gcp",
    { credsSecretRef, gcpBucket: "b" },
    "InvalidBackupStorageSettings",
    /\[Secret\(content\)\].*gcp-credentials/,
  ],
  ["azure-bare", "azure", { credsSecretRef }, "InvalidBackupStorageSettings", /StorageContainer/],
] as const)(
  "says what is wrong with the settings: %s",
  async (name, provider, config, type, message) => {
    await create(host.cluster, MigStorage, {
      metadata: { name, namespace: NAMESPACE },
      spec: { backupStorageProvider: provider, backupStorageConfig: config },
    });
    const object = await expectEventually(host.cluster, MigStorage, {
      name,
      is: says(type, message),
    });
    expect(conditionOf(object, "Ready")).toBeUndefined();
  },
);

it("does not claim to have probed what it cannot probe", async () => {
  const data = { "gcp-credentials": Buffer.from("{}").toString("base64") };
  const metadata = { name: "gcp", namespace: NAMESPACE };
  await create(host.cluster, Secret, { metadata, data });
  await create(host.cluster, MigStorage, {
    metadata,
    spec: {
      backupStorageProvider: "gcp",
      backupStorageConfig: { gcpBucket: "b", credsSecretRef: metadata },
    },
  });
  const gcp = await expectEventually(host.cluster, MigStorage, { name: "gcp", is: isJustReady });
  expect(conditionOf(gcp, "Ready")?.message).toMatch(/Only S3 stores can be probed/);
});
