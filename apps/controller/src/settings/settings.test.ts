import { describe, expect, it } from "vitest";
import { clusterSettingsFrom } from "./cluster-settings.ts";
import { ConfigMapValues } from "./config-map-values.ts";
import { controllerSettingsFrom } from "./controller-settings.ts";

describe("controllerSettingsFrom", () => {
  it("has the documented defaults when nothing is set", () => {
    const settings = controllerSettingsFrom(new ConfigMapValues());
    expect(settings).toMatchObject({ namespaceLimit: 10, podLimit: 100, volumeLimit: 100 });
    expect(settings.rsync).toMatchObject({ archive: true, partial: true, backoffLimit: 20 });
    expect(settings.rsync.bandwidthLimit).toBeUndefined();
    expect(settings.excludedResources).toContain("events.events.k8s.io");
    expect(settings.problems).toEqual([]);
  });

  it("keeps the default and names the key when a limit is no number", () => {
    const settings = controllerSettingsFrom(new ConfigMapValues({ NAMESPACE_LIMIT: "many" }));
    expect(settings.namespaceLimit).toBe(10);
    expect(settings.problems).toEqual([
      "NAMESPACE_LIMIT is not a whole number of at least 1; its default is used",
    ]);
  });

  it("leaves out extras that are not options of rsync", () => {
    const extras = "--bwlimit=10 -z ;rm --rsh=sh&&x `id`";
    const { rsync } = controllerSettingsFrom(new ConfigMapValues({ RSYNC_OPT_EXTRAS: extras }));
    expect(rsync.extras).toEqual(["--bwlimit=10", "-z", "--rsh=sh&&x"]);
  });
});

describe("clusterSettingsFrom", () => {
  it("reads the endpoint type, and falls back to Route on an unknown one", () => {
    const nodePort = new ConfigMapValues({ RSYNC_ENDPOINT_TYPE: "NodePort" });
    expect(clusterSettingsFrom(nodePort).endpointType).toBe("NodePort");
    const unknown = clusterSettingsFrom(new ConfigMapValues({ RSYNC_ENDPOINT_TYPE: "Pigeon" }));
    expect(unknown.endpointType).toBe("Route");
    expect(unknown.problems).toHaveLength(1);
  });

  it("understands the booleans the operator writes", () => {
    const values = new ConfigMapValues({
      RSYNC_PRIVILEGED: "True",
      RSYNC_SUPER_PRIVILEGED: "False",
    });
    expect(clusterSettingsFrom(values)).toMatchObject({
      rsyncPrivileged: true,
      rsyncSuperPrivileged: false,
    });
  });
});
