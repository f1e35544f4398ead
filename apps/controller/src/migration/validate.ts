import { hasCondition, isReady, isRefSet, isRenamed, parseMapping } from "@drover/crds";
import type { MigMigration, MigPlan } from "@drover/crds";
import type { MigrationPass } from "./migration-scope.ts";

type Problem = {
  readonly type: string;
  readonly reason?: string;
  readonly message: string;
};

/** Sets a condition for what keeps the migration from beginning. A run under way is not judged again. */
export function validate(
  pass: MigrationPass,
  plan: MigPlan,
  siblings: readonly MigMigration[],
): void {
  if (pass.status.startTimestamp !== undefined) return;
  const problems = [
    ...planProblems(plan),
    ...specProblems(pass.object, plan),
    ...finalProblems(pass.object, siblings),
  ];
  for (const problem of problems) pass.conditions.set({ category: "Critical", ...problem });
}

function planProblems(plan: MigPlan): Problem[] {
  const name = plan.metadata.name ?? "";
  if (plan.spec.closed) {
    return [{ type: "PlanClosed", message: `Plan ${name} is closed. Open it or make another.` }];
  }
  if (isReady(plan)) return [];
  const message = `Plan ${name} is not ready. Its own conditions say why.`;
  return [{ type: "PlanNotReady", message }];
}

function specProblems({ spec }: MigMigration, plan: MigPlan): Problem[] {
  const problem = (message: string) => ({ type: "InvalidSpec", reason: "NotSupported", message });
  const chosen = [spec.stage, spec.migrateState, spec.rollback].filter(Boolean);
  if (chosen.length > 1) {
    return [problem("Only one of spec.stage, spec.migrateState and spec.rollback may be true.")];
  }
  if (spec.rollback) return [];
  const volumes = plan.spec.persistentVolumes ?? [];
  const others = volumes.filter(
    ({ selection, pvc }) =>
      selection.action === "copy" &&
      (selection.copyMethod === "snapshot" || pvc?.volumeMode === "Block"),
  );
  if (others.length > 0) {
    return [
      problem(
        "The plan snapshots volumes or copies block devices, which this controller does not do yet. Choose to copy the file system, or skip them.",
      ),
    ];
  }
  const renamed = volumes.some(({ pvc }) => isRenamed(parseMapping(pvc?.name ?? "")));
  if (renamed && !spec.migrateState) {
    return [
      problem(
        "The plan renames claims, which only a state migration can do. Set spec.migrateState.",
      ),
    ];
  }
  return [];
}

/** After a cutover the source is stopped: another run would copy an old state over a new one. */
function finalProblems(migration: MigMigration, siblings: readonly MigMigration[]): Problem[] {
  const { spec, metadata } = migration;
  if (spec.rollback) return [];
  const others = siblings
    .filter(({ metadata: other }) => other.uid !== metadata.uid)
    .filter((other) => !other.spec.stage && !other.spec.migrateState && !other.spec.canceled)
    .toSorted(newestFirst);
  for (const other of others) {
    const conditions = other.status?.conditions;
    if (other.spec.rollback) {
      if (hasCondition(conditions, "Succeeded")) return [];
      continue;
    }
    const isFinal = hasCondition(conditions, "Succeeded", "SucceededWithWarnings");
    const isUnderWay = spec.stage && hasCondition(conditions, "Running");
    if (!isFinal && !isUnderWay) continue;
    return [
      {
        type: "HasFinalMigration",
        message: `Migration ${other.metadata.name ?? ""} has cut over this plan. Roll it back first, or make another plan.`,
      },
    ];
  }
  return [];
}

function newestFirst(left: MigMigration, right: MigMigration): number {
  return (right.metadata.creationTimestamp ?? "").localeCompare(
    left.metadata.creationTimestamp ?? "",
  );
}

/** Names what keeps the plan from being found. */
export function planRefProblem({ spec }: MigMigration): Problem | undefined {
  if (isRefSet(spec.migPlanRef)) return undefined;
  const message = "spec.migPlanRef does not name a plan.";
  return { type: "InvalidPlanRef", reason: "NotSet", message };
}

/** The migration that has to run before this one; undefined when it is this one's turn. */
export function predecessor(
  migration: MigMigration,
  siblings: readonly MigMigration[],
): MigMigration | undefined {
  const waiting = siblings.filter(({ status }) => status?.phase !== "Completed").toSorted(inTurn);
  const first = waiting[0];
  return first?.metadata.uid === migration.metadata.uid ? undefined : first;
}

/** What has begun goes on; then stage runs, then the others, each by age. */
function inTurn(left: MigMigration, right: MigMigration): number {
  return (
    rank(left) - rank(right) ||
    (left.metadata.creationTimestamp ?? "").localeCompare(right.metadata.creationTimestamp ?? "") ||
    (left.metadata.name ?? "").localeCompare(right.metadata.name ?? "")
  );
}

function rank({ spec, status }: MigMigration): number {
  if (status?.startTimestamp !== undefined) return 0;
  return spec.stage ? 1 : 2;
}
