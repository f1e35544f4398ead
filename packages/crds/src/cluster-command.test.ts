import { describe, expect, it } from "vitest";
import { describeCommand, getCommand, logReaderCommands, logsCommand } from "./index.ts";

const namespace = "openshift-migration";

describe("a command to copy", () => {
  it.each([
    ["Migration", "oc describe migmigration --namespace openshift-migration x"],
    ["MigMigration", "oc describe migmigration --namespace openshift-migration x"],
    ["Plan", "oc describe migplan --namespace openshift-migration x"],
    ["Hook", "oc describe mighook --namespace openshift-migration x"],
    [
      "DirectVolumeMigration",
      "oc describe directvolumemigration --namespace openshift-migration x",
    ],
    [
      "DirectVolumeMigrationProgress",
      "oc describe directvolumemigrationprogress --namespace openshift-migration x",
    ],
    ["DirectImageMigration", "oc describe directimagemigration --namespace openshift-migration x"],
    [
      "DirectImageStreamMigration",
      "oc describe directimagestreammigration --namespace openshift-migration x",
    ],
    ["Backup", "oc describe backup --namespace openshift-migration x"],
    ["Restore", "oc describe restore --namespace openshift-migration x"],
    ["PodVolumeBackup", "oc describe podvolumebackup --namespace openshift-migration x"],
    ["PodVolumeRestore", "oc describe podvolumerestore --namespace openshift-migration x"],
    ["Job", "oc describe job --namespace openshift-migration x"],
    ["Pod", "oc describe pod --namespace openshift-migration x"],
    ["PVC", "oc describe persistentvolumeclaim --namespace openshift-migration x"],
    ["Route", "oc describe route --namespace openshift-migration x"],
  ])("describes a %s", (kind, command) => {
    expect(describeCommand({ kind, name: "x", namespace })).toBe(command);
  });

  it("describes a volume without a namespace", () => {
    expect(describeCommand({ kind: "PV", name: "pv-1" })).toBe("oc describe persistentvolume pv-1");
    expect(describeCommand({ kind: "PersistentVolume", name: "pv-1" })).toBe(
      "oc describe persistentvolume pv-1",
    );
  });

  it.each([
    ["Plan", "migPlan"],
    ["Migration", "migMigration"],
    ["DirectVolumeMigration", "dvm"],
    ["DirectVolumeMigrationProgress", "dvmp"],
    ["DirectImageMigration", "dim"],
    ["DirectImageStreamMigration", "dism"],
    ["Hook", "migHook"],
  ])("finds the log lines of a %s, with and without a log reader", (kind, key) => {
    const target = { kind, name: "x", namespace };
    expect(logsCommand(target, { logReaderPod: "migration-log-reader-1" })).toBe(
      `oc -n openshift-migration logs migration-log-reader-1 -c plain | grep '"${key}":"x"'`,
    );
    expect(logsCommand(target)).toBe(
      `oc logs --selector control-plane=controller-manager --namespace openshift-migration --container mtc | grep '"${key}":"x"'`,
    );
  });

  it("shows the logs of pods, backups and restores their own way", () => {
    expect(logsCommand({ kind: "Pod", name: "p", namespace: "shop" })).toBe(
      "oc logs --namespace shop p --all-containers",
    );
    expect(logsCommand({ kind: "Backup", name: "b", namespace })).toBe(
      "velero backup logs b --namespace openshift-migration",
    );
    expect(logsCommand({ kind: "Restore", name: "r", namespace })).toBe(
      "velero restore logs r --namespace openshift-migration",
    );
  });

  it.each(["PodVolumeBackup", "PodVolumeRestore", "Job", "PV", "PVC", "Route"])(
    "has no logs for a %s",
    (kind) => {
      expect(logsCommand({ kind, name: "x", namespace })).toBeUndefined();
    },
  );

  it("uses kubectl where that is preferred", () => {
    expect(
      describeCommand({ kind: "Pod", name: "p", namespace: "shop" }, { client: "kubectl" }),
    ).toBe("kubectl describe pod --namespace shop p");
    expect(
      getCommand({ kind: "Plan", name: "x", namespace }, { client: "kubectl", output: "json" }),
    ).toBe("kubectl get migplan --namespace openshift-migration x -o json");
    expect(logReaderCommands("reader")).toEqual({
      color: "oc logs reader --namespace openshift-migration -c color",
      plain: "oc logs reader --namespace openshift-migration -c plain",
    });
  });

  it("quotes what a shell would act on", () => {
    expect(describeCommand({ kind: "Pod", name: "$(reboot)'; ls", namespace: "a b" })).toBe(
      `oc describe pod --namespace 'a b' '$(reboot)'\\''; ls'`,
    );
  });
});
