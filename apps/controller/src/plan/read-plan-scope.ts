import { MigMigration, namespaceMappings, refersTo } from "@drover/crds";
import type { MigPlan } from "@drover/crds";
import { randomInt } from "node:crypto";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import type { Pass } from "../runtime/reconciler.ts";
import { readControllerSettings } from "../settings/controller-settings.ts";
import { readEnds, readStorage } from "./check-ends.ts";
import type { PlanScope } from "./plan-scope.ts";
import { isSuspendedBy } from "./suspension.ts";

/** Reads what the checks of a pass look at; what cannot be used is said in a condition. */
export async function readPlanScope(deps: ReconcilerDeps, pass: Pass<MigPlan>): Promise<PlanScope> {
  const plan = pass.object;
  const settings = await readControllerSettings(deps.host, deps.namespace);
  pass.status.suffix ??= newSuffix();
  pass.status.excludedResources = [...settings.excludedResources];
  const migrations = await readMigrations(deps, pass);
  const isSuspended = isSuspendedBy(migrations) && !plan.spec.refresh;
  if (isSuspended) {
    const message =
      "A migration of this plan is running or has finished; volumes are not looked for again. Refresh the plan to do so once.";
    pass.conditions.set({ type: "Suspended", category: "Advisory", message });
  }
  const { source, destination } = await readEnds(deps, pass);
  return {
    deps,
    pass,
    plan,
    settings,
    namespaces: namespaceMappings(plan.spec.namespaces),
    migrations,
    isSuspended,
    source,
    destination,
    storage: await readStorage(deps, pass),
  };
}

async function readMigrations(deps: ReconcilerDeps, pass: Pass<MigPlan>): Promise<MigMigration[]> {
  const { list } = await pass.wakeOn({
    cluster: deps.host,
    kind: MigMigration,
    namespace: deps.namespace,
    // `planWakes` wakes for what matters; here only the shared list is wanted.
    matches: () => false,
  });
  return list().filter(({ spec }) => refersTo(spec.migPlanRef, pass.object));
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

function newSuffix(): string {
  return Array.from({ length: 4 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("");
}
