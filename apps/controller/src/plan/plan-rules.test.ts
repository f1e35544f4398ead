import type {
  MigMigration,
  MigPlan,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StatefulSet,
} from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";
import { describe, expect, it } from "vitest";
import { conflictingPlans } from "./check-conflict.ts";
import { claimsOfPods, claimsOfTemplates, ownerTypeOf } from "./claim-owners.ts";
import { incompatibleKinds } from "./compare-apis.ts";
import { suggestedClass } from "./default-selection.ts";
import { isPlanClaim, planVolumes } from "./plan-volumes.ts";
import { planStorageClass } from "./storage-classes.ts";
import { isSuspendedBy } from "./suspension.ts";

const typeOf = { apiVersion: "v1", kind: "Any" };
const ns = "openshift-migration";

describe("isSuspendedBy", () => {
  const aRun = (
    minute: number,
    types: string[],
    spec: MigMigration["spec"] = {},
  ): MigMigration => ({
    ...typeOf,
    metadata: { creationTimestamp: `2026-01-01T00:0${minute}:00Z` },
    spec,
    status: {
      conditions: types.map((type) => ({
        type,
        status: "True",
        category: "Advisory",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      })),
    },
  });
  it.each([
    ["nothing ran", [], false],
    ["a run is under way", [aRun(1, ["Running"], { stage: true })], true],
    ["only a stage has finished", [aRun(1, ["Succeeded"], { stage: true })], false],
    ["a cutover has finished", [aRun(1, ["Succeeded"])], true],
    ["a cutover failed", [aRun(1, ["Failed"])], false],
    [
      "it was rolled back since",
      [aRun(1, ["Succeeded"]), aRun(2, ["Succeeded"], { rollback: true })],
      false,
    ],
    [
      "cut over again after a rollback",
      [aRun(2, ["Succeeded"], { rollback: true }), aRun(3, ["Succeeded"])],
      true,
    ],
    ["a state migration has finished", [aRun(1, ["Succeeded"], { migrateState: true })], true],
  ])("%s", (_name, runs, isSuspended) => {
    expect(isSuspendedBy(runs)).toBe(isSuspended);
  });
});

describe("conflictingPlans", () => {
  const aPlan = (
    uid: string,
    namespaces: string[],
    over: Partial<MigPlan["spec"]> = {},
  ): MigPlan => ({
    ...typeOf,
    metadata: { uid, name: uid, namespace: ns },
    spec: {
      srcMigClusterRef: { name: "source", namespace: ns },
      destMigClusterRef: { name: "host", namespace: ns },
      namespaces,
      ...over,
    },
  });
  const mine = aPlan("mine", ["a:b"]);
  it.each([
    ["the same source namespace", aPlan("other", ["a:c"]), ["other"]],
    ["the same target namespace", aPlan("other", ["x:b"]), ["other"]],
    ["other namespaces", aPlan("other", ["c"]), []],
    ["a closed plan", aPlan("other", ["a:b"], { closed: true }), []],
    ["its own earlier version", aPlan("mine", ["a:b"]), []],
    [
      "the same name on another cluster",
      aPlan("other", ["a:z"], { srcMigClusterRef: { name: "edge", namespace: ns } }),
      [],
    ],
  ])("%s", (_name, other, names) => {
    expect(conflictingPlans(mine, [other])).toEqual(names);
  });
});

describe("claim owners", () => {
  const owned = (kind: string) => [{ ...typeOf, kind, name: "o", uid: "u", controller: true }];
  const volumes = (claimName: string) => [{ name: "v", persistentVolumeClaim: { claimName } }];
  const aPod = (claim: string, owner?: string): Pod => ({
    ...typeOf,
    metadata: owner ? { ownerReferences: owned(owner) } : {},
    spec: { containers: [], volumes: volumes(claim) },
    status: { phase: "Running" },
  });

  it("finds the claims that a StatefulSet makes for each replica", () => {
    const set: StatefulSet = {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "db" },
      spec: {
        replicas: 2,
        selector: {},
        template: { spec: { containers: [] } },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }],
      },
    };
    const uses = claimsOfTemplates([set]);
    expect(uses.map(({ claim }) => claim)).toEqual(["data-db-0", "data-db-1"]);
    expect(ownerTypeOf("data-db-1", uses)).toBe("StatefulSet");
  });

  it.each([
    ["a pod of its own", [aPod("c")], "Unknown"],
    ["a virtual machine", [aPod("c", "VirtualMachineInstance")], "VirtualMachine"],
    ["pods of workloads are told by these", [aPod("c", "ReplicaSet")], undefined],
    ["several owners", [aPod("c"), aPod("c", "VirtualMachineInstance")], "Unknown"],
    ["another claim", [aPod("d")], undefined],
  ])("%s", (_name, pods, owner) => {
    expect(ownerTypeOf("c", claimsOfPods(pods))).toBe(owner);
  });
});

describe("suggestedClass", () => {
  const aClass = (name: string, provisioner: string, isDefault = false) =>
    planStorageClass({
      ...typeOf,
      metadata: {
        name,
        annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) },
      },
      provisioner,
    });
  const source = [aClass("gp2", "ebs.csi.aws.com"), aClass("nfs", "nfs.example.com")];
  const aVolume = (storageClassName: string, over = {}) => ({
    volume: { ...typeOf, metadata: {}, spec: { storageClassName, ...over } } as PersistentVolume,
    claim: {
      ...typeOf,
      metadata: {},
      spec: { accessModes: ["ReadWriteMany"] },
    } as PersistentVolumeClaim,
  });
  const nfs = { nfs: { server: "s", path: "/" } };
  it.each([
    [
      "same provisioner and name first",
      aVolume("gp2"),
      [aClass("a", "ebs.csi.aws.com"), aClass("gp2", "ebs.csi.aws.com")],
      "gp2",
    ],
    [
      "else the first of the provisioner",
      aVolume("gp2"),
      [aClass("d", "x", true), aClass("a", "ebs.csi.aws.com")],
      "a",
    ],
    ["else the default", aVolume("gp2"), [aClass("x", "x"), aClass("d", "y", true)], "d"],
    ["else none", aVolume("gp2"), [aClass("x", "x")], undefined],
    [
      "shared volumes go to CephFS",
      aVolume("nfs", nfs),
      [aClass("d", "x", true), aClass("fs", "openshift-storage.cephfs.csi.ceph.com")],
      "fs",
    ],
    [
      "shared volumes keep their kind without Ceph",
      aVolume("nfs", nfs),
      [aClass("d", "x", true), aClass("nfs", "nfs.example.com")],
      "nfs",
    ],
  ])("%s", (_name, volume, destination, expected) => {
    expect(suggestedClass(volume, { source, destination })?.name).toBe(expected);
  });
});

describe("planVolumes", () => {
  const claim = (name: string, over = {}): PersistentVolumeClaim => ({
    ...typeOf,
    metadata: { name, namespace: "a", ...over },
    spec: { volumeName: `pv-${name}` },
  });
  const volume = (name: string): PersistentVolume => ({ ...typeOf, metadata: { name }, spec: {} });
  const rules = { classes: { source: [], destination: [] }, moveStorageClasses: ["movable"] };

  it("makes up target names for a conversion, and keeps those a person gave", () => {
    const found = ["one", "two"].map((name) => ({
      volume: volume(`pv-${name}`),
      claim: claim(name),
      uses: [],
    }));
    const supported = { actions: ["copy"], copyMethods: ["filesystem"] };
    const known = [{ name: "pv-two", supported, selection: {}, pvc: { name: "two:mine" } }];
    const volumes = planVolumes(found, known, { ...rules, conversionSuffix: "abcd" });
    expect(volumes.map(({ pvc }) => pvc?.name)).toEqual(["one:one-mig-abcd", "two:mine"]);
  });

  it.each([
    ["an ordinary claim", claim("data"), true],
    ["a claim made by this plan's conversion", claim("data-mig-abcd"), false],
    [
      "scratch space of an importer",
      claim("scratch", {
        ownerReferences: [{ ...typeOf, kind: "PersistentVolumeClaim", name: "x", uid: "u" }],
      }),
      false,
    ],
    [
      "a claim migrated by this plan",
      claim("new", { labels: { "migration.openshift.io/migrated-by-migplan": "uid" } }),
      false,
    ],
    [
      "the source of another plan",
      claim("old", { labels: { "migration.openshift.io/source-for-directvolumemigration": "x" } }),
      false,
    ],
  ])("%s", (_name, one, isOurs) => {
    expect(isPlanClaim(one, { suffix: "abcd", planUid: "uid", isConversion: true })).toBe(isOurs);
  });
});

it("finds the kinds that the target does not serve in the version the source prefers", () => {
  const aKind = (kind: string, over: Partial<DiscoveredResource> = {}): DiscoveredResource => ({
    group: "example.com",
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
    verbs: ["list"],
    preferred: true,
    ...over,
  });
  const source = [
    aKind("Widget"),
    aKind("Gadget", { version: "v2" }),
    aKind("Gadget", { preferred: false }),
    aKind("Cluster", { namespaced: false }),
    aKind("Event"),
  ];
  const found = incompatibleKinds(source, [aKind("Gadget")]);
  expect(found.map(({ kind, version }) => `${kind} ${version}`)).toEqual([
    "Widget v1",
    "Gadget v2",
  ]);
});
