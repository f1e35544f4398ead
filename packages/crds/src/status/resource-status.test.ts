import { describe, expect, it } from "vitest";
import {
  MigCluster,
  MigStorage,
  clusterStatus,
  resourceStatus,
  storageProviderOf,
  storageStatus,
} from "../index.ts";

const entry = (type: string, category = "Advisory", status = "True") => ({
  type,
  status,
  category,
  message: `About ${type}.`,
  lastTransitionTime: "2026-01-01T00:00:00Z",
});

describe("the state of an object in the tree", () => {
  it.each([
    ["Job", {}, "Pending"],
    ["Job", { startTime: "t" }, "Running"],
    ["Job", { startTime: "t", conditions: [entry("Failed")] }, "Failed"],
    ["Job", { startTime: "t", completionTime: "t", conditions: [entry("Complete")] }, "Completed"],
    ["Pod", { phase: "Pending" }, "Pending"],
    ["Pod", { phase: "Running" }, "Running"],
    ["Pod", { phase: "Unknown" }, "Failed"],
    ["Pod", { phase: "Succeeded" }, "Completed"],
    ["PersistentVolumeClaim", { phase: "Bound" }, "Bound"],
    ["PersistentVolumeClaim", { phase: "Lost" }, "Failed"],
    ["PersistentVolume", { phase: "Pending" }, "Pending"],
    ["PersistentVolume", { phase: "Available" }, "Unknown"],
    ["Route", { ingress: [{ conditions: [entry("Admitted")] }] }, "Admitted"],
    ["Route", { ingress: [{ conditions: [entry("Admitted", "", "False")] }] }, "Pending"],
    ["Route", { ingress: [{ conditions: [entry("Admitted", "", "Unknown")] }] }, "Failed"],
    ["Backup", {}, "Pending"],
    ["Backup", { phase: "InProgress" }, "Running"],
    ["Backup", { phase: "PartiallyFailed" }, "Warning"],
    ["Backup", { phase: "Completed", warnings: 2 }, "Warning"],
    ["Backup", { phase: "Completed", errors: 1 }, "Failed"],
    ["Restore", { phase: "FailedValidation" }, "Failed"],
    ["Restore", { phase: "Completed" }, "Completed"],
    ["PodVolumeBackup", { phase: "InProgress" }, "Running"],
    ["PodVolumeRestore", { phase: "Failed" }, "Failed"],
    ["DirectVolumeMigration", { conditions: [entry("Running")] }, "Running"],
    ["DirectVolumeMigration", { conditions: [entry("Failed", "Critical")] }, "Failed"],
    [
      "DirectImageMigration",
      { conditions: [entry("InvalidSourceClusterRef", "Critical")] },
      "Warning",
    ],
    ["DirectImageStreamMigration", { conditions: [entry("Succeeded")] }, "Completed"],
    ["MigHook", { conditions: [entry("Ready", "Required")] }, "Ready"],
    ["DirectVolumeMigrationProgress", {}, "Pending"],
    ["DirectVolumeMigrationProgress", { totalProgressPercentage: "0%" }, "Pending"],
    ["DirectVolumeMigrationProgress", { totalProgressPercentage: "40%" }, "Running"],
    [
      "DirectVolumeMigrationProgress",
      { totalProgressPercentage: "40%", phase: "Failed" },
      "Failed",
    ],
    ["DirectVolumeMigrationProgress", { totalProgressPercentage: "100%" }, "Completed"],
    ["DirectVolumeMigrationProgress", { phase: "Succeeded" }, "Completed"],
  ])("%s with %j is %s", (kind, status, state) => {
    expect(resourceStatus({ kind, status }).state).toBe(state);
  });

  it("is Terminating above all, Warning by an event, and Pending until it was read", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(resourceStatus({ kind: "Pod", metadata, status: { phase: "Running" } }).state).toBe(
      "Terminating",
    );
    expect(
      resourceStatus({ kind: "PersistentVolumeClaim", status: { phase: "Bound" } }, [
        "Full - no space",
      ]),
    ).toEqual({
      state: "Warning",
      text: "Warning",
      messages: ["Full - no space"],
    });
    expect(resourceStatus(undefined).state).toBe("Pending");
  });

  it("is shown as Active while it runs, with what is wrong", () => {
    expect(resourceStatus({ kind: "Pod", status: { phase: "Running" } }).text).toBe("Active");
    const status = { conditions: [entry("Running"), entry("RsyncRouteNotAdmitted", "Warn")] };
    expect(resourceStatus({ kind: "DirectVolumeMigration", status }).messages).toEqual([
      "About RsyncRouteNotAdmitted.",
    ]);
  });
});

describe("the connection to a cluster or repository", () => {
  const cluster = (conditions?: object[]): MigCluster =>
    MigCluster.schema.parse({
      apiVersion: "migration.openshift.io/v1alpha1",
      kind: "MigCluster",
      metadata: { name: "source" },
      ...(conditions ? { status: { conditions } } : {}),
    });
  const storage = (config: object, annotations = {}): MigStorage =>
    MigStorage.schema.parse({
      apiVersion: "migration.openshift.io/v1alpha1",
      kind: "MigStorage",
      metadata: { name: "repository", annotations },
      spec: { backupStorageProvider: "aws", backupStorageConfig: config },
      status: { conditions: [entry("Ready", "Required")] },
    });

  it.each([
    [undefined, "checking"],
    [[], "checking"],
    [[entry("Ready", "Required")], "connected"],
    [[entry("Ready", "Required"), entry("OperatorVersionMismatch", "Warn")], "connected"],
    [[entry("InvalidURL", "Critical")], "failed"],
  ])("with %j is %s", (conditions, state) => {
    expect(clusterStatus(cluster(conditions)).state).toBe(state);
  });

  it("says what is wrong", () => {
    const failed = clusterStatus(
      cluster([entry("InvalidURL", "Critical"), entry("OperatorVersionMismatch", "Warn")]),
    );
    expect(failed.problems).toEqual([{ type: "InvalidURL", message: "About InvalidURL." }]);
    expect(failed.warnings).toEqual([
      { type: "OperatorVersionMismatch", message: "About OperatorVersionMismatch." },
    ]);
    expect(storageStatus(storage({})).text).toBe("Connected");
  });

  it.each([
    [{}, {}, "aws-s3"],
    [{ awsS3Url: "http://127.0.0.1:9000" }, {}, "generic-s3"],
    [{}, { "migration.openshift.io/mig-ui.aws-s3": "false" }, "generic-s3"],
    [{ awsS3Url: "http://x" }, { "migration.openshift.io/mig-ui.aws-s3": "true" }, "aws-s3"],
  ])("with %j and %j was made with the form %s", (config, annotations, provider) => {
    expect(storageProviderOf(storage(config, annotations))).toBe(provider);
  });
});
