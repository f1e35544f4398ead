import { MigMigration, runStatus } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { PlanDeps } from "../plans/plan-deps.ts";

/** Asks the controller to stop a run and clean up. Asking twice changes nothing. */
export async function cancelMigration(
  { config: { namespace } }: Pick<PlanDeps, "config">,
  actor: Actor,
  name: string,
): Promise<MigMigration> {
  const ref = { namespace, name };
  const migration = await actor.cluster.get(MigMigration, ref);
  if (migration.spec.canceled === true) return migration;
  if (runStatus(migration).isOver)
    throw new AppError("CONFLICT", `Migration ${name} has ended; there is nothing to cancel.`);
  return actor.cluster.patch(MigMigration, ref, {
    type: "merge",
    body: { spec: { canceled: true } },
  });
}
