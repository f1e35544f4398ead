import { apiVersionOf } from "@drover/crds";
import type { KubeObject } from "@drover/crds";
import { expect, test } from "vitest";
import { workloadRules } from "./workloads.ts";

type Shape = { annotations?: Record<string, string>; ownerReferences?: object[] };

function rule(kind: string) {
  const found = workloadRules.find((one) => one.kind.kind === kind);
  if (!found) throw new Error(`no rule for ${kind}`);
  return found;
}

function aWorkload(kind: string, spec: object, metadata: Shape = {}, status: object = {}) {
  const apiVersion = apiVersionOf(rule(kind).kind);
  const object = { apiVersion, kind, metadata: { name: "app", namespace: "ns", ...metadata } };
  return { ...object, spec, status } as unknown as KubeObject;
}

const quiesce = (object: KubeObject) => rule(object.kind).quiesce(object);
const unquiesce = (object: KubeObject) => rule(object.kind).unquiesce(object);

const replicas = "migration.openshift.io/preQuiesceReplicas";
const paused = "migration.openshift.io/preQuiescePaused";
const suspend = "migration.openshift.io/preQuiesceSuspend";
const selector = "migration.openshift.io/preQuiesceNodeSelector";
const mark = "migration.openshift.io/quiesceDaemonSet";

test("stops what starts pods of its own accord first", () => {
  expect(workloadRules.map(({ kind }) => `${apiVersionOf(kind)} ${kind.kind}`)).toEqual([
    "batch/v1 CronJob",
    "batch/v1beta1 CronJob",
    "apps.openshift.io/v1 DeploymentConfig",
    "apps/v1 Deployment",
    "apps/v1 StatefulSet",
    "apps/v1 ReplicaSet",
    "apps/v1 DaemonSet",
    "batch/v1 Job",
  ]);
});

test.each(["Deployment", "DeploymentConfig"])("scales a %s down and remembers its size", (kind) => {
  expect(quiesce(aWorkload(kind, { replicas: 3, paused: true }))).toEqual({
    metadata: { annotations: { [replicas]: "3", [paused]: "true" } },
    spec: { replicas: 0, paused: false },
  });
  expect(quiesce(aWorkload(kind, { replicas: 0 }))).toBeUndefined();
});

test.each(["Deployment", "DeploymentConfig"])("gives a %s its size and pause back", (kind) => {
  const annotations = { [replicas]: "3", [paused]: "true" };
  expect(unquiesce(aWorkload(kind, { replicas: 0, paused: false }, { annotations }))).toEqual({
    metadata: { annotations: { [replicas]: null, [paused]: null } },
    spec: { replicas: 3, paused: true },
  });
  expect(unquiesce(aWorkload(kind, { replicas: 0 }))).toBeUndefined();
});

test("leaves the size that someone else has chosen meanwhile", () => {
  const annotations = { [replicas]: "3", [paused]: "false" };
  const patch = unquiesce(aWorkload("Deployment", { replicas: 2 }, { annotations }));
  expect(patch?.spec).toEqual({});
});

test("keeps the first remembered size when something scaled the workload up again", () => {
  const annotations = { [replicas]: "5" };
  const patch = quiesce(aWorkload("StatefulSet", { replicas: 1 }, { annotations }));
  expect(patch).toEqual({
    metadata: { annotations: { [replicas]: "5" } },
    spec: { replicas: 0 },
  });
});

test("suspends a CronJob, and resumes only what it suspended itself", () => {
  expect(quiesce(aWorkload("CronJob", { suspend: false }))).toEqual({
    metadata: { annotations: { [suspend]: "true" } },
    spec: { suspend: true },
  });
  expect(quiesce(aWorkload("CronJob", { suspend: true }))).toBeUndefined();
  expect(unquiesce(aWorkload("CronJob", { suspend: true }))).toBeUndefined();
  const annotations = { [suspend]: "true" };
  expect(unquiesce(aWorkload("CronJob", { suspend: true }, { annotations }))?.spec).toEqual({
    suspend: false,
  });
});

test("leaves a ReplicaSet to the Deployment that owns it", () => {
  const owned = { ownerReferences: [{ kind: "Deployment" }] };
  expect(quiesce(aWorkload("ReplicaSet", { replicas: 2 }, owned))).toBeUndefined();
  expect(quiesce(aWorkload("ReplicaSet", { replicas: 2 }))?.spec).toEqual({ replicas: 0 });
});

test("sends a DaemonSet to nodes that do not exist, and back", () => {
  const template = { spec: { nodeSelector: { disk: "ssd" } } };
  expect(quiesce(aWorkload("DaemonSet", { template }))).toEqual({
    metadata: { annotations: { [selector]: '{"disk":"ssd"}' } },
    spec: { template: { spec: { nodeSelector: { [mark]: "true" } } } },
  });
  const stopped = { spec: { nodeSelector: { disk: "ssd", [mark]: "true" } } };
  const annotations = { [selector]: '{"disk":"ssd"}' };
  expect(quiesce(aWorkload("DaemonSet", { template: stopped }, { annotations }))).toBeUndefined();
  expect(unquiesce(aWorkload("DaemonSet", { template: stopped }, { annotations }))).toEqual({
    metadata: { annotations: { [selector]: null } },
    spec: { template: { spec: { nodeSelector: { [mark]: null } } } },
  });
});

test("stops a Job that still runs, and no other", () => {
  const finished = { conditions: [{ type: "Complete", status: "True" }] };
  expect(quiesce(aWorkload("Job", { parallelism: 2 }, {}, finished))).toBeUndefined();
  expect(quiesce(aWorkload("Job", { parallelism: 2 }))?.spec).toEqual({ parallelism: 0 });
  const annotations = { [replicas]: "2" };
  expect(unquiesce(aWorkload("Job", { parallelism: 0 }, { annotations }))?.spec).toEqual({
    parallelism: 2,
  });
});
