import { hasCondition } from "@drover/crds";
import type { MigMigration } from "@drover/crds";
import type { Metrics } from "../runtime/metrics.ts";

const MIGRATIONS = {
  name: "cam_app_workload_migrations",
  help: "Migrations by type and status.",
};

const TYPES = ["stage", "final"] as const;
const STATUSES = ["idle", "running", "completed", "failed"] as const;

/** Upstream's gauge, with a series for each combination: one that is not set to zero keeps its last value. */
export function measureMigrations(metrics: Metrics, migrations: readonly MigMigration[]): void {
  for (const type of TYPES) {
    for (const status of STATUSES) {
      const count = migrations.filter(
        (one) => typeOf(one) === type && statusOf(one) === status,
      ).length;
      metrics.setGauge(MIGRATIONS, { type, status }, count);
    }
  }
}

function typeOf({ spec }: MigMigration): (typeof TYPES)[number] {
  return spec.stage ? "stage" : "final";
}

function statusOf({ status }: MigMigration): (typeof STATUSES)[number] {
  const { conditions, phase } = status ?? {};
  if (hasCondition(conditions, "Failed")) return "failed";
  if (hasCondition(conditions, "Succeeded", "SucceededWithWarnings")) return "completed";
  if (phase === "Completed") return "idle";
  return hasCondition(conditions, "Running") ? "running" : "idle";
}
