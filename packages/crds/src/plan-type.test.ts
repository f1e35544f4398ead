import { describe, expect, it } from "vitest";
import { MigCluster, MigMigration, inferPlanType, isIntraCluster } from "./index.ts";

type Spec = Parameters<typeof inferPlanType>[0]["plan"]["spec"];

function run(spec: object, options: { age?: number; succeeded?: boolean } = {}): MigMigration {
  return MigMigration.schema.parse({
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigMigration",
    metadata: { name: "run", creationTimestamp: `2026-01-01T00:0${9 - (options.age ?? 0)}:00Z` },
    spec,
    status: {
      conditions: options.succeeded
        ? [
            {
              type: "Succeeded",
              status: "True",
              category: "Advisory",
              lastTransitionTime: "2026-01-01T01:00:00Z",
            },
          ]
        : [],
    },
  });
}

const renamedClaim = {
  supported: { actions: [], copyMethods: [] },
  selection: {},
  pvc: { name: "data:files" },
};

describe("the type of a plan", () => {
  it.each<[string, Spec, boolean, MigMigration[], object]>([
    [
      "indirect images",
      { indirectImageMigration: true },
      false,
      [],
      { type: "NamespaceMigrationPlan", isSettled: false },
    ],
    [
      "indirect volumes in one cluster",
      { indirectVolumeMigration: true },
      true,
      [],
      { type: "NamespaceMigrationPlan", isSettled: false, conflict: "NamespaceMigrationPlan" },
    ],
    ["two clusters, nothing renamed", { namespaces: ["a"] }, false, [], { isSettled: false }],
    [
      "two clusters, a claim renamed",
      { namespaces: ["a"], persistentVolumes: [renamedClaim] },
      false,
      [],
      { type: "StateMigrationPlan", isSettled: false },
    ],
    [
      "one cluster, nothing renamed",
      { namespaces: ["a"] },
      true,
      [],
      { type: "StorageConversionPlan", isSettled: false },
    ],
    [
      "one cluster, all renamed",
      { namespaces: ["a:b"] },
      true,
      [],
      { type: "StateMigrationPlan", isSettled: false },
    ],
    [
      "one cluster, some renamed",
      { namespaces: ["a:b", "c"] },
      true,
      [],
      { isSettled: false, conflict: "ConflictingNamespaces" },
    ],
    [
      "a state run between clusters",
      { namespaces: ["a"] },
      false,
      [run({ migrateState: true })],
      { type: "StateMigrationPlan", isSettled: true },
    ],
    [
      "a state run in one cluster",
      { namespaces: ["a"] },
      true,
      [run({ migrateState: true })],
      { type: "StorageConversionPlan", isSettled: true },
    ],
    [
      "a state run in one cluster, renamed",
      { namespaces: ["a:b"] },
      true,
      [run({ migrateState: true })],
      { type: "StateMigrationPlan", isSettled: true },
    ],
    [
      "a stage run",
      { namespaces: ["a"] },
      false,
      [run({ stage: true })],
      { type: "NamespaceMigrationPlan", isSettled: true },
    ],
    [
      "a run that was rolled back",
      { namespaces: ["a"] },
      false,
      [run({ stage: true }, { age: 3 }), run({ rollback: true }, { succeeded: true })],
      { isSettled: false },
    ],
    [
      "a rollback that has not succeeded",
      { namespaces: ["a"] },
      false,
      [run({ migrateState: true }, { age: 3 }), run({ rollback: true })],
      { type: "StateMigrationPlan", isSettled: true },
    ],
  ])("%s", (...[, spec, intra, migrations, expected]) => {
    expect(inferPlanType({ plan: { spec }, isIntraCluster: intra, migrations })).toEqual(expected);
  });
});

describe("two clusters are one", () => {
  const cluster = (url?: string): MigCluster => ({
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: MigCluster.kind,
    metadata: { name: "c" },
    spec: { isHostCluster: url === undefined, url },
  });

  it.each([
    ["https://api.a:6443", "https://api.a:6443/", true],
    ["https://api.a:6443", "https://api.a:6444", false],
    ["https://api.a:6443", undefined, false],
    [undefined, undefined, true],
  ])("%s and %s: %s", (left, right, expected) => {
    expect(isIntraCluster(cluster(left), cluster(right))).toBe(expected);
  });
});
