import {
  MigCluster,
  MigHook,
  MigMigration,
  MigPlan,
  MigStorage,
  hasCondition,
  isRefSet,
  isReady,
  refersTo,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { keyOf } from "../runtime/key.ts";
import type { Pass, StandingWakes, WatchedObjects } from "../runtime/reconciler.ts";
import { placesOf } from "./check-conflict.ts";

/** Wakes plans when what they refer to changes in a way that matters to them. */
export async function planWakes(wake: StandingWakes): Promise<void> {
  const plans = () => wake.host.list(MigPlan, { namespace: wake.namespace });
  const onReferred = <T extends KubeObject>(kind: ResourceKind<T>, facts: (object: T) => unknown) =>
    wake.on({ ...placeOf(wake), kind }, async (object, previous) => {
      if (previous && JSON.stringify(facts(previous)) === JSON.stringify(facts(object))) return [];
      return (await plans()).filter((plan) => refersToAny(plan, object)).map(keyOf);
    });
  await onReferred(MigCluster, (cluster) => [
    isReady(cluster),
    cluster.status?.registryPath,
    cluster.status?.operatorVersion,
    cluster.status?.observedDigest,
    hasCondition(cluster.status?.conditions, "OperatorVersionMismatch"),
  ]);
  await onReferred(MigStorage, (storage) => [isReady(storage), storage.status?.observedDigest]);
  await onReferred(MigHook, isReady);
  await wakeOnMigrations(wake);
  await wakeOnOtherPlans(wake, plans);
}

/** All plans, from one list that every pass shares. */
export function watchPlans(
  pass: Pass<MigPlan>,
  deps: ReconcilerDeps,
): Promise<WatchedObjects<MigPlan>> {
  const { host, namespace } = deps;
  return pass.wakeOn({ cluster: host, kind: MigPlan, namespace, matches: () => false });
}

async function wakeOnMigrations(wake: StandingWakes): Promise<void> {
  const facts = ({ status, spec, metadata }: MigMigration) =>
    ["Running", "Succeeded", "Failed", "Canceled"]
      .map((type) => hasCondition(status?.conditions, type))
      .concat(spec.rollback ?? false, metadata.deletionTimestamp !== undefined);
  await wake.on({ ...placeOf(wake), kind: MigMigration }, (migration, previous) => {
    const ref = migration.spec.migPlanRef;
    if (!isRefSet(ref)) return [];
    if (previous && JSON.stringify(facts(migration)) === JSON.stringify(facts(previous))) return [];
    return [{ namespace: ref.namespace, name: ref.name }];
  });
}

/** A plan that was changed, closed or deleted may begin or cease to be in the way of others. */
async function wakeOnOtherPlans(
  wake: StandingWakes,
  plans: () => Promise<MigPlan[]>,
): Promise<void> {
  const facts = (plan: MigPlan) => [placesOf(plan), plan.spec.closed ?? false];
  await wake.on({ ...placeOf(wake), kind: MigPlan }, async (plan, previous) => {
    if (previous && JSON.stringify(facts(plan)) === JSON.stringify(facts(previous))) return [];
    const places = new Set([...placesOf(plan), ...(previous ? placesOf(previous) : [])]);
    return (await plans())
      .filter((other) => other.metadata.uid !== plan.metadata.uid)
      .filter((other) => placesOf(other).some((place) => places.has(place)))
      .map(keyOf);
  });
}

function placeOf({ host, namespace }: StandingWakes) {
  return { cluster: host, namespace } as const;
}

function refersToAny({ spec }: MigPlan, object: KubeObject): boolean {
  const hooks = (spec.hooks ?? []).map(({ reference }) => reference);
  const refs = [spec.srcMigClusterRef, spec.destMigClusterRef, spec.migStorageRef, ...hooks];
  return refs.some((ref) => refersTo(ref, object));
}
