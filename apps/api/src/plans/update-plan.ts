import type { UpdatePlan } from "@drover/contract";
import { MigMigration, MigPlan, MigStorage, planTypeOf } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Actor } from "../access/actor.ts";
import { AppError, invalidField } from "../app-error.ts";
import { mappingText } from "./namespace-mapping.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { refusalOf } from "./plan-runs.ts";
import { chosenVolumes } from "./volume-choice.ts";

type Change = { readonly name: string; readonly form: UpdatePlan };

const attempts = 6;

function specFrom(plan: MigPlan, form: UpdatePlan, namespace: string): Partial<MigPlan["spec"]> {
  const { spec } = plan;
  const type = planTypeOf(plan);
  const isWithinOneCluster = spec.srcMigClusterRef?.name === spec.destMigClusterRef?.name;
  const { storage, namespaces, volumes, indirectVolumes, indirectImages } = form;
  return {
    ...(storage === undefined ? {} : { migStorageRef: { name: storage, namespace } }),
    ...(namespaces === undefined
      ? {}
      : {
          namespaces: namespaces.map((mapping) =>
            mappingText(mapping, { type, isWithinOneCluster }),
          ),
        }),
    ...(volumes === undefined
      ? {}
      : { persistentVolumes: chosenVolumes(spec.persistentVolumes ?? [], volumes, type) }),
    ...(indirectVolumes === undefined ? {} : { indirectVolumeMigration: indirectVolumes }),
    ...(indirectImages === undefined ? {} : { indirectImageMigration: indirectImages }),
    ...(plan.status === undefined ? {} : { refresh: true }),
  };
}

/** The controller writes to plans too, so the change is made on what is there and repeated when that was overtaken. */
async function patchPlan(
  { config: { namespace } }: PlanDeps,
  actor: Actor,
  { name, form }: Change,
): Promise<MigPlan> {
  const ref = { namespace, name };
  for (let attempt = 1; ; attempt += 1) {
    const plan = await actor.cluster.get(MigPlan, ref);
    try {
      return await actor.cluster.patch(MigPlan, ref, {
        type: "merge",
        body: {
          metadata: { resourceVersion: plan.metadata.resourceVersion },
          spec: specFrom(plan, form, namespace),
        },
      });
    } catch (error) {
      if (!(error instanceof KubeError && error.isConflict)) throw error;
      if (attempt === attempts)
        throw new AppError(
          "CONFLICT",
          `Plan ${name} keeps changing. Wait a moment and save again.`,
          {
            cause: error,
          },
        );
    }
  }
}

/** Changes what is given, and has the controller check the plan again. */
export async function updatePlan(deps: PlanDeps, actor: Actor, change: Change): Promise<MigPlan> {
  const { namespace } = deps.config;
  const plan = await actor.cluster.get(MigPlan, { namespace, name: change.name });
  const migrations = await actor.cluster.list(MigMigration, { namespace });
  const refusal = refusalOf(plan, migrations, "edit");
  if (refusal !== undefined) throw new AppError("CONFLICT", refusal);
  const { storage } = change.form;
  if (
    storage !== undefined &&
    (await actor.cluster.find(MigStorage, { namespace, name: storage })) === undefined
  )
    throw invalidField("storage", `There is no replication repository named ${storage}.`);
  return patchPlan(deps, actor, change);
}
