import type { CreatePlan } from "@drover/contract";
import { Annotation, MigCluster, MigPlan, MigStorage, apiVersionOf } from "@drover/crds";
import type { PlanType, ResourceKind } from "@drover/crds";
import type { Actor } from "../access/actor.ts";
import { AppError, invalidField } from "../app-error.ts";
import { mappingText } from "./namespace-mapping.ts";
import type { PlanDeps } from "./plan-deps.ts";

const typeOfForm: Record<CreatePlan["type"], PlanType> = {
  full: "full",
  state: "state",
  conversion: "scc",
};

type Named = { readonly field: string; readonly kind: ResourceKind; readonly name: string };

async function requireThere(
  actor: Actor,
  namespace: string,
  { field, kind, name }: Named,
): Promise<void> {
  if ((await actor.cluster.find(kind, { namespace, name })) === undefined)
    throw invalidField(field, `There is no ${kind.kind} named ${name}.`);
}

function requireShape({ type, source, target, storage }: CreatePlan): void {
  if (type === "conversion" && source !== target)
    throw invalidField(
      "target",
      "A storage class conversion stays on one cluster: choose the source as target.",
    );
  if (type !== "conversion" && storage === undefined)
    throw invalidField("storage", "Choose a replication repository.");
}

/** Makes the plan, so that the controller can discover what its namespaces hold. */
export async function createPlan(
  { config: { namespace } }: PlanDeps,
  actor: Actor,
  form: CreatePlan,
): Promise<MigPlan> {
  requireShape(form);
  const { name, type, source, target, storage } = form;
  if ((await actor.cluster.find(MigPlan, { namespace, name })) !== undefined)
    throw new AppError("CONFLICT", `There already is a plan named ${name}. Choose another name.`, {
      errors: [{ field: "name", message: "This name is taken." }],
    });
  await requireThere(actor, namespace, { field: "source", kind: MigCluster, name: source });
  await requireThere(actor, namespace, { field: "target", kind: MigCluster, name: target });
  if (storage !== undefined)
    await requireThere(actor, namespace, { field: "storage", kind: MigStorage, name: storage });
  const planType = typeOfForm[type];
  const plan = { type: planType, isWithinOneCluster: source === target };
  return actor.cluster.create(MigPlan, {
    apiVersion: apiVersionOf(MigPlan),
    kind: MigPlan.kind,
    metadata: {
      name,
      namespace,
      annotations: { [Annotation.selectedPlanType]: planType },
    },
    spec: {
      srcMigClusterRef: { name: source, namespace },
      destMigClusterRef: { name: target, namespace },
      ...(storage === undefined || type === "conversion"
        ? {}
        : { migStorageRef: { name: storage, namespace } }),
      namespaces: form.namespaces.map((mapping) => mappingText(mapping, plan)),
      indirectVolumeMigration: form.indirectVolumes,
      indirectImageMigration: form.indirectImages,
    },
  });
}
