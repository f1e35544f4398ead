import { currentWindow, planStatus, refersTo, runStatus } from "@drover/crds";
import type { MigMigration, MigPlan, PlanActions } from "@drover/crds";

/** The runs of one plan among all. */
export function runsOf(plan: MigPlan, migrations: readonly MigMigration[]): MigMigration[] {
  return migrations.filter(({ spec }) => refersTo(spec.migPlanRef, plan));
}

/** A run the controller has not looked at yet; the shared rules only see it once it has begun. */
function findWaiting(runs: readonly MigMigration[]): MigMigration | undefined {
  return currentWindow(runs).find(
    (run) => runStatus(run).state === "waiting" && run.spec.canceled !== true,
  );
}

/**
 * Why an action is not possible now, by the rules that disable its button; undefined when it is. What keeps a plan
 * from being ready is named.
 */
export function refusalOf(
  plan: MigPlan,
  migrations: readonly MigMigration[],
  action: keyof PlanActions,
): string | undefined {
  const runs = runsOf(plan, migrations);
  const { actions } = planStatus(plan, runs);
  const waiting = findWaiting(runs);
  const refusal = actions[action];
  if (refusal === undefined)
    return waiting === undefined
      ? undefined
      : `Migration ${waiting.metadata.name} of this plan is about to start. Wait for it, or cancel it first.`;
  const { state, messages } = planStatus(plan, []);
  const why = state === "not-ready" || state === "conflict" ? messages : [];
  const unseen =
    plan.status === undefined && runs.length === 0
      ? ["The controller has not looked at it yet; check that it runs."]
      : [];
  return [refusal, ...why, ...unseen].join(" ");
}
