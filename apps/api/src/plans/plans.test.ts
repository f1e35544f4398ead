import { MigMigration, MigPlan, MigStorage, Secret } from "@drover/crds";
import type { Condition } from "@drover/crds";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp } from "../testing/test-app.ts";
import type { Browser, TestApp } from "../testing/test-app.ts";
import { configNamespace, namespace, startTestClusters } from "../testing/test-clusters.ts";
import type { TestClusters } from "../testing/test-clusters.ts";

let clusters: TestClusters;
let app: TestApp;
let admin: Browser;
let dev: Browser;

beforeAll(async () => {
  clusters = await startTestClusters();
  app = await startTestApp(clusters.host);
  admin = await app.signIn("admin", clusters.host.adminToken);
  dev = await app.signIn("dev", clusters.host.devToken);
  await admin.request({ method: "POST", url: "/api/storages", payload: storageForm });
});

afterAll(async () => {
  await app.close();
  await clusters.close();
});

const storageForm = {
  name: "store",
  provider: "aws",
  accessKey: "canary-access-key",
  secretKey: "canary-secret-key",
  bucket: "drover",
  url: "http://127.0.0.1:9000",
};

const condition = (type: string, category: Condition["category"] = "Required"): Condition => ({
  type,
  category,
  status: "True",
  lastTransitionTime: "2026-01-01T00:00:00Z",
  message: `${type} is what it says.`,
});

const host = () => clusters.host.admin;
const getPlan = (name: string) => host().get(MigPlan, { namespace, name });
const send = (method: "POST" | "PATCH" | "PUT" | "DELETE", url: string, payload?: object) =>
  admin.request({ method, url, ...(payload === undefined ? {} : { payload }) });

/** Writes a status the way the controller does. */
async function setStatus(kind: typeof MigPlan | typeof MigMigration, name: string, status: object) {
  await host().patch(
    kind as typeof MigPlan,
    { namespace, name },
    { type: "merge", body: { status } },
  );
}

async function aReadyPlan(name: string, form: object = {}): Promise<void> {
  const response = await send("POST", "/api/plans", {
    name,
    type: "full",
    source: "source",
    target: "host",
    storage: "store",
    namespaces: [{ source: "ledger", target: "ledger" }],
    ...form,
  });
  expect(response.statusCode).toBe(201);
  await setStatus(MigPlan, name, { conditions: [condition("Ready")] });
}

test("adds a replication repository with its keys in a Secret", async () => {
  const { spec, metadata } = await host().get(MigStorage, { namespace, name: "store" });
  expect(spec.backupStorageConfig).toMatchObject({
    awsBucketName: "drover",
    awsS3Url: "http://127.0.0.1:9000",
    insecure: false,
  });
  expect(metadata.annotations).toEqual({ "migration.openshift.io/mig-ui.aws-s3": "false" });
  const ref = spec.backupStorageConfig.credsSecretRef;
  const secret = await host().get(Secret, { namespace: configNamespace, name: ref?.name ?? "" });
  expect(Object.keys(secret.data ?? {}).toSorted()).toEqual([
    "aws-access-key-id",
    "aws-secret-access-key",
  ]);
});

test("changes a repository's keys as a pair or not at all", async () => {
  const { name: _, provider: __, accessKey: ___, secretKey: ____, ...form } = storageForm;
  const half = await send("PUT", "/api/storages/store", { ...form, accessKey: "alone" });
  expect(half.json()).toMatchObject({ code: "INVALID", errors: [{ field: "secretKey" }] });
  const both = { ...form, accessKey: "new-access", secretKey: "new-secret", region: "eu-1" };
  expect((await send("PUT", "/api/storages/store", both)).statusCode).toBe(200);
  const { spec } = await host().get(MigStorage, { namespace, name: "store" });
  expect(spec.backupStorageConfig.awsRegion).toBe("eu-1");
  const name = spec.backupStorageConfig.credsSecretRef?.name ?? "";
  const secret = await host().get(Secret, { namespace: configNamespace, name });
  expect(Buffer.from(secret.data?.["aws-access-key-id"] ?? "", "base64").toString()).toBe(
    "new-access",
  );
});

test("writes a plan the way upstream's console writes it", async () => {
  await aReadyPlan("mapped", {
    namespaces: [
      { source: "ledger", target: "ledger-moved" },
      { source: "shop", target: "shop" },
    ],
  });
  const { spec, metadata } = await getPlan("mapped");
  expect(metadata.annotations?.["migration.openshift.io/selected-migplan-type"]).toBe("full");
  expect(spec).toMatchObject({
    srcMigClusterRef: { name: "source", namespace },
    destMigClusterRef: { name: "host", namespace },
    migStorageRef: { name: "store", namespace },
    namespaces: ["ledger:ledger-moved", "shop"],
    indirectVolumeMigration: false,
    indirectImageMigration: false,
  });
});

test("names the field of a plan that is wrong", async () => {
  const plan = {
    name: "wrong",
    type: "full",
    source: "source",
    target: "host",
    namespaces: [{ source: "ledger", target: "ledger" }],
  };
  const fieldOf = async (change: object): Promise<string> =>
    (await send("POST", "/api/plans", { ...plan, ...change })).json().errors[0].field;
  expect(await fieldOf({})).toBe("storage");
  expect(await fieldOf({ storage: "store", source: "nowhere" })).toBe("source");
  expect(await fieldOf({ storage: "nothing" })).toBe("storage");
  expect(await fieldOf({ type: "conversion" })).toBe("target");
  expect(await fieldOf({ name: "UPPER" })).toBe("name");
  expect(await host().find(MigPlan, { namespace, name: "wrong" })).toBeUndefined();
});

test("writes choices into the discovered volumes and leaves the rest alone", async () => {
  await aReadyPlan("volumes");
  const volume = (name: string) => ({
    name,
    capacity: "1Gi",
    storageClass: "slow",
    supported: { actions: ["skip", "copy"], copyMethods: ["filesystem", "snapshot"] },
    selection: { action: "copy", copyMethod: "filesystem" },
    pvc: { namespace: "ledger", name: `claim-${name}` },
  });
  await host().patch(
    MigPlan,
    { namespace, name: "volumes" },
    { type: "merge", body: { spec: { persistentVolumes: [volume("pv-a"), volume("pv-b")] } } },
  );
  const choose = (choice: object) =>
    send("PATCH", "/api/plans/volumes", { volumes: [{ pv: "pv-b", ...choice }] });
  const chosen = await choose({ action: "copy", storageClass: "fast", verify: true });
  expect(chosen.statusCode).toBe(200);
  const { spec } = await getPlan("volumes");
  expect(spec.refresh).toBe(true);
  expect(spec.persistentVolumes).toMatchObject([
    volume("pv-a"),
    { name: "pv-b", selection: { action: "copy", storageClass: "fast", verify: true } },
  ]);
  const refusal = async (choice: object) => (await choose(choice)).json().errors[0];
  expect(await refusal({ action: "move" })).toMatchObject({ field: "volumes.0.action" });
  expect(await refusal({ action: "copy", targetClaim: "other" })).toMatchObject({
    field: "volumes.0.targetClaim",
  });
  expect(await refusal({ pv: "pv-gone", action: "skip" })).toMatchObject({ field: "volumes.0.pv" });
});

test("starts runs with the flags of the plan's type", async () => {
  await aReadyPlan("runs");
  const started = await send("POST", "/api/plans/runs/migrations", { action: "cutover" });
  expect(started.statusCode).toBe(201);
  expect(started.json().metadata.name).toMatch(/^migration-[0-9a-f]{5}$/);
  const run = await host().get(MigMigration, { namespace, name: started.json().metadata.name });
  expect(run.spec).toMatchObject({
    migPlanRef: { name: "runs", namespace },
    stage: false,
    migrateState: false,
    rollback: false,
    quiescePods: true,
    keepAnnotations: false,
    verify: true,
  });
});

test("starts one run at a time, and cancels it", async () => {
  await aReadyPlan("busy");
  const start = () => send("POST", "/api/plans/busy/migrations", { action: "stage" });
  const [first, second] = await Promise.all([start(), start()]);
  expect([first.statusCode, second.statusCode].toSorted()).toEqual([201, 409]);
  const { name } = (first.statusCode === 201 ? first : second).json().metadata;
  expect((await start()).json().detail).toContain(`Migration ${name}`);
  expect((await send("POST", `/api/migrations/${name}/cancel`, {})).statusCode).toBe(200);
  const run = await host().get(MigMigration, { namespace, name });
  expect(run.spec.canceled).toBe(true);
  await setStatus(MigMigration, name, { conditions: [condition("Canceled", "Advisory")] });
  expect((await start()).statusCode).toBe(201);
});

test("says why a run cannot start", async () => {
  const refusal = async (plan: string, action: string): Promise<string> =>
    (await send("POST", `/api/plans/${plan}/migrations`, { action })).json().detail;
  await aReadyPlan("history");
  expect(await refusal("history", "rollback")).toContain("no cutover to roll back");
  const cutover = await send("POST", "/api/plans/history/migrations", { action: "cutover" });
  await setStatus(MigMigration, cutover.json().metadata.name, {
    conditions: [condition("Succeeded", "Advisory")],
  });
  expect(await refusal("history", "stage")).toContain("roll it back first");
  expect((await send("PATCH", "/api/plans/history", { indirectVolumes: true })).json().code).toBe(
    "CONFLICT",
  );
  await aReadyPlan("unready");
  await setStatus(MigPlan, "unready", { conditions: [condition("StorageNotReady", "Critical")] });
  expect(await refusal("unready", "stage")).toBe(
    "The plan is not ready. StorageNotReady is what it says.",
  );
});

test("deletes a plan once the controller has closed it", async () => {
  await aReadyPlan("leaving");
  const deletion = send("DELETE", "/api/plans/leaving");
  await expect.poll(async () => (await getPlan("leaving")).spec.closed).toBe(true);
  await setStatus(MigPlan, "leaving", { conditions: [condition("Closed", "Advisory")] });
  expect((await deletion).statusCode).toBe(204);
  expect(await host().find(MigPlan, { namespace, name: "leaving" })).toBeUndefined();
});

test("lets people who may only read start, change and delete nothing", async () => {
  await aReadyPlan("guarded");
  const calls = [
    { method: "POST", url: "/api/plans/guarded/migrations", payload: { action: "stage" } },
    { method: "PATCH", url: "/api/plans/guarded", payload: { indirectVolumes: true } },
    { method: "DELETE", url: "/api/plans/guarded" },
    { method: "DELETE", url: "/api/storages/store" },
  ] as const;
  for (const call of calls) expect((await dev.request(call)).statusCode).toBe(403);
  expect((await getPlan("guarded")).spec.closed).toBeUndefined();
  const { items } = (await admin.request({ url: "/api/audit?perPage=200" })).json();
  const denied = items.filter(({ actor }: { actor: string }) => actor === "dev");
  expect(denied).toHaveLength(calls.length);
  expect(denied[0]).toMatchObject({ decision: "denied", outcome: "failed" });
});

test("tells in the audit trail how each act ended, in an unbroken chain", async () => {
  const { items } = (await admin.request({ url: "/api/audit?perPage=200" })).json();
  const outcomes = (action: string) =>
    items
      .filter(
        (item: { action: string; actor: string }) =>
          item.action === action && item.actor === "admin",
      )
      .map((item: { outcome: string }) => item.outcome);
  expect(outcomes("plan.create")).toContain("succeeded");
  expect(outcomes("plan.create")).toContain("failed");
  expect(outcomes("migration.start")).not.toContain("pending");
  expect(await app.services.audit.findBreak()).toBeUndefined();
  const rows = JSON.stringify(await app.services.database.prisma.auditEntry.findMany());
  expect(rows).not.toContain("canary-");
  expect(rows).not.toContain("new-secret");
});

test("does nothing that it cannot put on record", async () => {
  const { prisma } = app.services.database;
  await prisma.$executeRaw`ALTER TABLE "AuditEntry" RENAME TO "AuditEntryAway"`;
  const form = {
    name: "unrecorded",
    type: "full",
    source: "source",
    target: "host",
    storage: "store",
    namespaces: [{ source: "ledger", target: "ledger" }],
  };
  const refused = await send("POST", "/api/plans", form);
  await prisma.$executeRaw`ALTER TABLE "AuditEntryAway" RENAME TO "AuditEntry"`;
  expect(refused.json()).toMatchObject({ status: 503, code: "NOT_READY" });
  expect(await host().find(MigPlan, { namespace, name: "unrecorded" })).toBeUndefined();
  expect((await send("POST", "/api/plans", form)).statusCode).toBe(201);
});
