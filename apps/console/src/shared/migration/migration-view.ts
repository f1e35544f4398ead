import {
  conditionsOf,
  findCondition,
  runActionText,
  runStatus,
  withoutStepCount,
  type Condition,
  type MigMigration,
  type RunStatus,
} from "@drover/crds";

/** A run as its page and the lists show it. */
export type MigrationView = {
  readonly name: string;
  readonly plan: string;
  /** "Stage", "Cutover" or "Rollback". */
  readonly action: string;
  readonly run: RunStatus;
  readonly started: string | undefined;
  readonly ended: string | undefined;
  /** What it is doing or waiting for, and since when. */
  readonly now: { readonly text: string; readonly since: string } | undefined;
  /** What holds it up or what it warns of. */
  readonly problems: readonly Condition[];
};

function nowOf({ status }: MigMigration): MigrationView["now"] {
  const running = findCondition(status?.conditions, "Running");
  if (running === undefined) return undefined;
  const current = status?.pipeline?.findLast(
    ({ started, completed }) => started !== undefined && completed === undefined,
  );
  const words = withoutStepCount(running.message ?? "");
  const text = words === "" ? (current?.message ?? running.message ?? "") : words;
  return { text, since: running.lastTransitionTime };
}

export function migrationView(migration: MigMigration): MigrationView {
  const { metadata, spec, status } = migration;
  const run = runStatus(migration);
  return {
    name: metadata.name ?? "",
    plan: spec.migPlanRef?.name ?? "",
    action: runActionText[run.action],
    run,
    started: run.startedAt ?? metadata.creationTimestamp ?? undefined,
    ended: run.endedAt,
    now: run.isOver ? undefined : nowOf(migration),
    problems: conditionsOf(status?.conditions, "Critical", "Error", "Warn"),
  };
}

/** Newest first. */
export function newestFirst(migrations: readonly MigMigration[]): MigMigration[] {
  return migrations.toSorted((left, right) =>
    (right.metadata.creationTimestamp ?? "").localeCompare(left.metadata.creationTimestamp ?? ""),
  );
}
