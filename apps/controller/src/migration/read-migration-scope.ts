import {
  Label,
  MigMigration,
  MigPlan,
  claimMappings,
  isRefSet,
  namespaceMappings,
  refersTo,
} from "@drover/crds";
import type { ObjectReference } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { readControllerSettings } from "../settings/controller-settings.ts";
import type { MigrationPass, MigrationScope, PlanCluster } from "./migration-scope.ts";

/** The plan of a migration as the host cluster last told; a change wakes the pass. */
export async function findPlan(
  pass: MigrationPass,
  deps: ReconcilerDeps,
): Promise<MigPlan | undefined> {
  const ref = pass.object.spec.migPlanRef;
  if (!isRefSet(ref)) return undefined;
  const plans = await pass.wakeOn({
    cluster: deps.host,
    kind: MigPlan,
    namespace: deps.namespace,
    matches: (plan) => refersTo(ref, plan),
  });
  return plans.find(ref);
}

/** Every migration of the plan, this one as the pass read it; a change to another wakes the pass. */
export async function findSiblings(
  pass: MigrationPass,
  deps: ReconcilerDeps,
  plan: MigPlan,
): Promise<MigMigration[]> {
  const { uid } = pass.object.metadata;
  const isOther = ({ metadata, spec }: MigMigration) =>
    metadata.uid !== uid && refersTo(spec.migPlanRef, plan);
  const found = await pass.wakeOn({
    cluster: deps.host,
    kind: MigMigration,
    namespace: deps.namespace,
    matches: isOther,
  });
  return [...found.list().filter(isOther), pass.object];
}

type Parts = {
  readonly plan: MigPlan;
  readonly siblings: readonly MigMigration[];
} & Pick<MigrationScope, "isPast" | "showProgress">;

export async function readMigrationScope(
  pass: MigrationPass,
  deps: ReconcilerDeps,
  { plan, siblings, isPast, showProgress }: Parts,
): Promise<MigrationScope> {
  const { name = "", uid = "" } = pass.object.metadata;
  return {
    pass,
    deps,
    run: { name, uid, plan, namespaces: namespaceMappings(plan.spec.namespaces) },
    source: await connect(deps, plan.spec.srcMigClusterRef),
    target: await connect(deps, plan.spec.destMigClusterRef),
    claims: claimMappings(plan),
    settings: await readControllerSettings(deps.host, deps.namespace),
    siblings,
    isPast,
    showProgress,
  };
}

/** Ties the migration to its plan by labels and ownership; one write, once. */
export async function ensureTies(pass: MigrationPass, plan: MigPlan): Promise<void> {
  const { metadata } = pass.object;
  const labels = {
    [Label.migrationUid]: metadata.uid ?? "",
    [Label.planName]: (plan.metadata.name ?? "").slice(0, 63),
  };
  const isLabelled = Object.entries(labels).every(
    ([key, value]) => metadata.labels?.[key] === value,
  );
  const owners = metadata.ownerReferences ?? [];
  const isOwned = owners.some(({ uid }) => uid === plan.metadata.uid);
  if (isLabelled && isOwned) return;
  const owner = {
    apiVersion: plan.apiVersion,
    kind: plan.kind,
    name: plan.metadata.name ?? "",
    uid: plan.metadata.uid ?? "",
  };
  await pass.patch({
    metadata: { labels, ownerReferences: isOwned ? owners : [...owners, owner] },
  });
}

async function connect(
  deps: ReconcilerDeps,
  ref: ObjectReference | undefined,
): Promise<PlanCluster> {
  if (!isRefSet(ref)) throw new Error("The plan does not name both of its clusters.");
  return { ref, cluster: await deps.clusters.connect(ref) };
}
