import { describe, expect, it } from "vitest";
import {
  configMapData,
  migrationControllerVariables,
  readVariable,
  variableTopics,
} from "../index.ts";

describe("a variable of the MigrationController", () => {
  it.each([
    [{ mig_pv_limit: "250" }, "mig_pv_limit", { state: "set", value: 250 }],
    [{ mig_pv_limit: 250 }, "mig_pv_limit", { state: "set", value: 250 }],
    [
      { mig_pv_limit: "many" },
      "mig_pv_limit",
      { state: "unreadable", message: "mig_pv_limit must be a whole number." },
    ],
    [{}, "mig_pv_limit", { state: "absent", value: 100 }],
    [{ mig_pv_limit: null }, "mig_pv_limit", { state: "absent", value: 100 }],
    [{ rsync_opt_delete: "False" }, "rsync_opt_delete", { state: "set", value: false }],
    [{ rsync_opt_delete: true }, "rsync_opt_delete", { state: "set", value: true }],
    [
      { rsync_opt_delete: "perhaps" },
      "rsync_opt_delete",
      { state: "unreadable", message: "rsync_opt_delete must be true or false." },
    ],
    [{ noProxy: ".example.com" }, "no_proxy", { state: "set", value: ".example.com" }],
    [
      { restic_supplemental_groups: 5555 },
      "restic_supplemental_groups",
      { state: "set", value: [5555] },
    ],
    [
      { restic_supplemental_groups: [5555, "6666"] },
      "restic_supplemental_groups",
      { state: "set", value: [5555, 6666] },
    ],
    [
      { mig_pv_move_storageclasses: "a, b" },
      "mig_pv_move_storageclasses",
      { state: "set", value: ["a", "b"] },
    ],
    [
      { daemonset_node_selector: { a: "b" } },
      "daemonset_node_selector",
      { state: "set", value: { a: "b" } },
    ],
  ] as const)("%j read as %s", (spec, name, reading) => {
    expect(readVariable({ spec }, name)).toEqual(reading);
  });

  it("has its default where there is no MigrationController", () => {
    expect(readVariable(undefined, "rsync_backoff_limit")).toEqual({ state: "absent", value: 20 });
  });

  it("belongs to one topic", () => {
    const names = Object.values(variableTopics).flatMap((topic) => Object.keys(topic));
    expect(names.toSorted()).toEqual(Object.keys(migrationControllerVariables).toSorted());
  });
});

describe("a ConfigMap made of variables", () => {
  const spec = {
    mig_pv_limit: 250,
    rsync_opt_delete: false,
    rsync_opt_extras: null,
    mig_pod_limit: "many",
    cluster_subdomain: "apps.example.com",
    rsync_transfer_image_fqin: "quay.io/x/transfer:1",
    rsync_transfer_version: "2",
  };

  it("holds what is set for it, as text, and names what cannot be read", () => {
    expect(configMapData({ spec }, "migration-controller")).toEqual({
      data: { PV_LIMIT: "250", RSYNC_OPT_DELETE: "false" },
      problems: ["mig_pod_limit must be a whole number."],
    });
    expect(configMapData({ spec }, "migration-cluster-config")).toEqual({
      data: { CLUSTER_SUBDOMAIN: "apps.example.com", RSYNC_TRANSFER_IMAGE: "quay.io/x/transfer:1" },
      problems: [],
    });
  });
});
