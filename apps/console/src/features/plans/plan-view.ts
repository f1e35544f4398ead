import {
  planStatus,
  quantityToBytes,
  runStatus,
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

function volumesOf({ spec }: MigPlan): Pick<PlanView, "volumeCount" | "volumeBytes"> {
  const moving = (spec.persistentVolumes ?? []).filter(
    ({ selection }) => selection.action !== "skip",
  );
  const sizes = moving.map(({ capacity }) =>
    capacity === undefined ? 0 : quantityToBytes(capacity),
  );
  return { volumeCount: moving.length, volumeBytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function runningOf(migrations: readonly MigMigration[]): PlanView["running"] {
  const migration = migrations.find((each) => !runStatus(each).isOver);
  if (migration === undefined) return undefined;
  return { run: migrationView(migration), percent: pipelinePercent(pipelineView(migration)) };
}

/** A plan together with its runs. */
export function planView(plan: MigPlan, migrations: readonly MigMigration[]): PlanView {
  const { metadata, spec } = plan;
  const name = metadata.name ?? "";
  const own = newestFirst(migrations.filter(isOfPlan(name)));
  return {
    plan,
    name,
    source: spec.srcMigClusterRef?.name ?? "–",
    target: spec.destMigClusterRef?.name ?? "–",
    storage: spec.migStorageRef?.name ?? "–",
    namespaces: (spec.namespaces ?? []).map(pairOf),
    ...volumesOf(plan),
    status: planStatus(plan, own),
    runs: own.map(migrationView),
    running: runningOf(own),
    created: metadata.creationTimestamp ?? "",
  };
}
