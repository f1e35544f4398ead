import { randomBytes } from "node:crypto";
import type { StartMigration } from "@drover/contract";
import { MigMigration, MigPlan, apiVersionOf, planTypeOf, runFlags } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { refusalOf } from "./plan-runs.ts";

const prefixes = { stage: "stage", cutover: "migration", rollback: "rollback" } as const;

/** What the contract offers for a cutover beside the flags that make it one. */
function specOf(plan: MigPlan, form: StartMigration): MigMigration["spec"] {
  const { action, quiescePods, keepAnnotations, verify } = form;
  return {
    ...runFlags(planTypeOf(plan), action, quiescePods),
    ...(action === "cutover" ? { keepAnnotations, verify } : {}),
  };
}

/** Two people who press the button at the same moment start one run, not two. */
const starting = new Set<string>();

async function createRun(actor: Actor, plan: MigPlan, form: StartMigration): Promise<MigMigration> {
  const { name = "", namespace = "" } = plan.metadata;
  const spec = { migPlanRef: { name, namespace }, ...specOf(plan, form) };
  for (let attempt = 1; ; attempt += 1) {
    const suffix = randomBytes(5).toString("hex").slice(0, 5);
    try {
      return await actor.cluster.create(MigMigration, {
        apiVersion: apiVersionOf(MigMigration),
        kind: MigMigration.kind,
        metadata: { name: `${prefixes[form.action]}-${suffix}`, namespace },
        spec,
      });
    } catch (error) {
      if (!(error instanceof KubeError && error.isAlreadyExists) || attempt === 5) throw error;
    }
  }
}

/** Starts a run of the plan, unless its state forbids it. */
export async function startMigration(
  { config: { namespace } }: Pick<PlanDeps, "config">,
  actor: Actor,
  { name, form }: { readonly name: string; readonly form: StartMigration },
): Promise<MigMigration> {
  if (starting.has(name))
    throw new AppError("CONFLICT", `A run of plan ${name} is being started right now.`);
  starting.add(name);
  try {
    const plan = await actor.cluster.get(MigPlan, { namespace, name });
    const migrations = await actor.cluster.list(MigMigration, { namespace });
    const refusal = refusalOf(plan, migrations, form.action);
    if (refusal !== undefined) throw new AppError("CONFLICT", refusal);
    return await createRun(actor, plan, form);
  } finally {
    starting.delete(name);
  }
}
