import { MigAnalytic, MigMigration, MigPlan, hasCondition } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { refusalOf } from "./plan-runs.ts";

const closeWaitMs = 30_000;

/** True when the controller has cleaned up after the plan, or the plan is gone altogether. */
function isClosed(hub: LiveHub, name: string): boolean {
  const plan = hub.find("migplans", name);
  return plan === undefined || hasCondition(plan.status?.conditions, "Closed");
}

/** Resolves when the plan is closed, false when that took too long. */
function awaitClosed(hub: LiveHub, name: string, waitMs: number): Promise<boolean> {
  if (isClosed(hub, name)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve(closed);
    };
    const timer = setTimeout(() => finish(false), waitMs);
    const unsubscribe = hub.subscribe((change) => {
      if (change.resource === "migplans" && change.name === name && isClosed(hub, name))
        finish(true);
    });
  });
}

async function requireIdle(actor: Actor, namespace: string, plan: MigPlan): Promise<void> {
  const migrations = await actor.cluster.list(MigMigration, { namespace });
  const refusal = refusalOf(plan, migrations, "delete");
  if (refusal !== undefined) throw new AppError("CONFLICT", refusal);
}

/** Closes the plan, so that the controller removes what belongs to it, and deletes it when that is done. */
export async function deletePlan(
  { config: { namespace }, hub }: PlanDeps,
  actor: Actor,
  { name, waitMs = closeWaitMs }: { readonly name: string; readonly waitMs?: number },
): Promise<void> {
  const ref = { namespace, name };
  const plan = await actor.cluster.get(MigPlan, ref);
  await requireIdle(actor, namespace, plan);
  // A plan no controller ever looked at has nothing to clean up.
  if (plan.status !== undefined) {
    await actor.cluster.patch(MigPlan, ref, { type: "merge", body: { spec: { closed: true } } });
    if (!(await awaitClosed(hub, name, waitMs)))
      throw new AppError(
        "NOT_READY",
        `Plan ${name} is closing, but the controller has not finished cleaning up after it. Check that the controller runs, then delete the plan again.`,
      );
  }
  await actor.cluster.delete(MigPlan, ref);
  await actor.cluster.delete(MigAnalytic, ref);
}
