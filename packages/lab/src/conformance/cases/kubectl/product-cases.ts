import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Json } from "../../api-client.ts";
import { eventually } from "../../conformance-case.ts";
import type { CaseContext, ConformanceCase } from "../../conformance-case.ts";
import { kubectlCase, ok } from "./ask-kubectl.ts";

const MANIFESTS = fileURLToPath(new URL("../../../../../crds/manifests/", import.meta.url));
const GROUP = "migration.openshift.io";
const CONDITION = {
  type: "Ready",
  status: "True",
  category: "Required",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};
const READY = { status: { conditions: [CONDITION] } };

/** Installs one of Drover's definitions, and waits until kubectl knows the kind. */
async function install(context: CaseContext, plural: string): Promise<void> {
  const file = `${MANIFESTS}${GROUP}_${plural}.yaml`;
  await ok(context, ["apply", "--server-side", "--force-conflicts", "-f", file]);
  await eventually(async () => void (await ok(context, ["get", `${plural}.${GROUP}`])));
}

async function table(context: CaseContext, plural: string, object: Json): Promise<string[][]> {
  await install(context, plural);
  await ok(context, ["create", "-f", "-"], { apiVersion: `${GROUP}/v1alpha1`, ...object });
  const text = await ok(context, ["get", `${plural}.${GROUP}`]);
  return text
    .trim()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
}

/** Drover's own kinds, as kubectl shows them. */
export const kubectlProductCases: readonly ConformanceCase[] = [
  kubectlCase("shows plans with their clusters and whether they are ready", async (context) => {
    const [head, row] = await table(context, "migplans", {
      kind: "MigPlan",
      metadata: { name: "shop" },
      spec: {
        namespaces: ["shop"],
        srcMigClusterRef: { name: "source", namespace: "x" },
        destMigClusterRef: { name: "host", namespace: "x" },
        migStorageRef: { name: "store", namespace: "x" },
      },
      ...READY,
    });
    assert.deepEqual(head, ["NAME", "READY", "SOURCE", "TARGET", "STORAGE", "AGE"]);
    assert.deepEqual(row?.slice(0, 5), ["shop", "True", "source", "host", "store"]);
  }),
  kubectlCase("shows runs with their phase", async (context) => {
    const [head, row] = await table(context, "migmigrations", {
      kind: "MigMigration",
      metadata: { name: "run" },
      spec: { migPlanRef: { name: "shop", namespace: "x" }, stage: true },
      status: { ...READY.status, itinerary: "Stage", phase: "Prepare" },
    });
    assert.deepEqual(head?.slice(0, 3), ["NAME", "READY", "PLAN"]);
    assert.deepEqual(row?.slice(0, 3), ["run", "True", "shop"]);
    assert.ok(row?.includes("Prepare"), row?.join());
  }),
  kubectlCase("shows clusters and repositories", async (context) => {
    const [, cluster] = await table(context, "migclusters", {
      kind: "MigCluster",
      metadata: { name: "host" },
      spec: { isHostCluster: true },
      ...READY,
    });
    assert.equal(cluster?.[0], "host");
    assert.ok(cluster?.includes("True"), cluster?.join());
    const [, storage] = await table(context, "migstorages", {
      kind: "MigStorage",
      metadata: { name: "store" },
      spec: { backupStorageProvider: "aws", backupStorageConfig: { awsBucketName: "b" } },
      ...READY,
    });
    assert.equal(storage?.[0], "store");
    assert.ok(storage?.includes("True"), storage?.join());
  }),
  kubectlCase(
    "explains plans",
    async (context) => {
      await install(context, "migplans");
      const version = `--api-version=${GROUP}/v1alpha1`;
      await eventually(async () => {
        const out = await ok(context, ["explain", "migplans.spec.namespaces", version]);
        assert.match(out, /namespaces:?\s*<\[\]string>/);
        assert.doesNotMatch(out, /<empty>/);
      });
    },
    // Where unknown fields are kept, the older documents say nothing of those that are known.
    { since: "1.27", sinceKubectl: "1.27" },
  ),
];
