import {
  planStatus,
  quantityToBytes,
  type MigMigration,
  type MigPlan,
  type PlanStatus,
} from "@drover/crds";
import {
  newestFirst,
  migrationView,
  type MigrationView,
} from "../../shared/migration/migration-view.ts";
import { pipelinePercent, pipelineView } from "../../shared/migration/pipeline-view.ts";

/** A plan as the list and its page show it. */
export type PlanView = {
  readonly plan: MigPlan;
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly storage: string;
  readonly namespaces: readonly { readonly source: string; readonly target: string }[];
  readonly volumeCount: number;
  readonly volumeBytes: number;
  readonly status: PlanStatus;
  /** Newest first. */
  readonly runs: readonly MigrationView[];
  readonly running: { readonly run: MigrationView; readonly percent: number } | undefined;
  readonly created: string;
};

const isOfPlan = (name: string) => (migration: MigMigration) =>
  migration.spec.migPlanRef?.name === name;

const pairOf = (mapping: string) => {
  const [source = "", target = source] = mapping.split(":");
  return { source, target };
};

/** A plan together with its runs. */
export function planView(plan: MigPlan, migrations: readonly MigMigration[]): PlanView {
  const name = plan.metadata.name ?? "";
  const own = newestFirst(migrations.filter(isOfPlan(name)));
  const runs = own.map(migrationView);
  const index = runs.findIndex((each) => !each.run.isOver);
  const run = runs[index];
  const migration = own[index];
  const volumes = (plan.spec.persistentVolumes ?? []).filter(
    ({ selection }) => selection.action !== "skip",
  );
  return {
    plan,
    name,
    source: plan.spec.srcMigClusterRef?.name ?? "–",
    target: plan.spec.destMigClusterRef?.name ?? "–",
    storage: plan.spec.migStorageRef?.name ?? "–",
    namespaces: (plan.spec.namespaces ?? []).map(pairOf),
    volumeCount: volumes.length,
    volumeBytes: volumes.reduce(
      (sum, { capacity }) => sum + (capacity === undefined ? 0 : quantityToBytes(capacity)),
      0,
    ),
    status: planStatus(plan, own),
    runs,
    running: run && migration && { run, percent: pipelinePercent(pipelineView(migration)) },
    created: plan.metadata.creationTimestamp ?? "",
  };
}
