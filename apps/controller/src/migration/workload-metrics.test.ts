import type { MigMigration } from "@drover/crds";
import { expect, test } from "vitest";
import { Metrics } from "../runtime/metrics.ts";
import { measureMigrations } from "./workload-metrics.ts";

function aRun(
  spec: MigMigration["spec"],
  phase: string,
  ...types: readonly string[]
): MigMigration {
  return {
    apiVersion: "migration.openshift.io/v1alpha1",
    kind: "MigMigration",
    metadata: { name: "one" },
    spec,
    status: {
      phase,
      conditions: types.map((type) => ({
        type,
        status: "True",
        category: "Advisory",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      })),
    },
  };
}

test("counts runs by type and status, zeros included", () => {
  const metrics = new Metrics();
  measureMigrations(metrics, [
    aRun({ stage: true }, "Completed", "Succeeded"),
    aRun({ stage: false }, "Completed", "SucceededWithWarnings"),
    aRun({ stage: false }, "Completed", "Failed"),
    aRun({ rollback: true }, "DeleteMigrated", "Running"),
    aRun({ stage: false }, "Completed", "Canceled"),
  ]);
  const lines = metrics
    .text()
    .split("\n")
    .filter((line) => !line.startsWith("#") && line !== "");
  expect(lines).toEqual([
    'cam_app_workload_migrations{type="stage",status="idle"} 0',
    'cam_app_workload_migrations{type="stage",status="running"} 0',
    'cam_app_workload_migrations{type="stage",status="completed"} 1',
    'cam_app_workload_migrations{type="stage",status="failed"} 0',
    'cam_app_workload_migrations{type="final",status="idle"} 1',
    'cam_app_workload_migrations{type="final",status="running"} 1',
    'cam_app_workload_migrations{type="final",status="completed"} 1',
    'cam_app_workload_migrations{type="final",status="failed"} 1',
  ]);
});
