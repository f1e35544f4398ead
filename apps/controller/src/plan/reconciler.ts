import { MigPlan } from "@drover/crds";
import type { PlanVolume } from "@drover/crds";
import { isDeepStrictEqual } from "node:util";
import { concurrently } from "../runtime/concurrently.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { done } from "../runtime/outcome.ts";
import type { Pass, Reconciler } from "../runtime/reconciler.ts";
import { checkApis, checkIncludedResources } from "./check-apis.ts";
import { conflictingPlans } from "./check-conflict.ts";
import { checkVersions } from "./check-ends.ts";
import { hookProblems } from "./check-hooks.ts";
import { checkImages } from "./check-images.ts";
import {
  checkNamespacesExist,
  checkPermissions,
  namespaceLengthProblem,
  namespaceListProblems,
} from "./check-namespaces.ts";
import { checkPlanType } from "./check-plan-type.ts";
import { checkPods } from "./check-pods.ts";
import { checkProxySecrets } from "./check-proxy-secrets.ts";
import { selectionProblems } from "./check-selections.ts";
import { closePlan } from "./close-plan.ts";
import { discoverVolumes } from "./discover-volumes.ts";
import { ensureStorage } from "./ensure-storage.ts";
import { readNamespaceFacts } from "./namespace-facts.ts";
import type { PlanScope, Side } from "./plan-scope.ts";
import { planWakes, watchPlans } from "./plan-wakes.ts";
import { readPlanScope } from "./read-plan-scope.ts";
import { keptWhileSuspended } from "./suspension.ts";

/** What has to be right before the volumes of a plan can be looked for. */
const NEEDED_FOR_DISCOVERY = [
  "InvalidSourceClusterRef",
  "SourceClusterNotReady",
  "InvalidDestinationClusterRef",
  "DestinationClusterNotReady",
  "NamespaceNotFoundOnSourceCluster",
  "NamespaceLimitExceeded",
  "NamespaceListEmpty",
];

/** Says whether a plan can be carried out, finds its volumes, and tells Velero of its repository. */
export function migPlanReconciler(deps: ReconcilerDeps): Reconciler<MigPlan> {
  return {
    kind: MigPlan,
    workers: 4,
    observed: "digest",
    wakes: planWakes,
    async reconcile(pass) {
      if (pass.object.spec.closed) {
        await closePlan(deps, pass);
        return done;
      }
      const scope = await readPlanScope(deps, pass);
      const volumes = await look(scope);
      const { hasBlocker } = judge(scope);
      await writeSpec(pass, volumes);
      pass.conditions.setReady(!hasBlocker, "The plan is ready.");
      return done;
    },
  };
}

/** Carries the checks out in order; returns the volumes when they were looked for. */
async function look(scope: PlanScope): Promise<readonly PlanVolume[] | undefined> {
  const { pass, namespaces, settings, isSuspended } = scope;
  const planType = checkPlanType(scope);
  for (const problem of namespaceListProblems(namespaces, settings.namespaceLimit)) {
    pass.conditions.set(problem);
  }
  const tooLong = namespaceLengthProblem(scope);
  if (tooLong) pass.conditions.set(tooLong);
  await checkOthers(scope);
  if (isSuspended) {
    pass.conditions.keep(...keptWhileSuspended);
    return undefined;
  }
  await checkNamespacesExist(scope);
  await checkProxySecrets(scope);
  const volumes = await lookIntoNamespaces(scope, planType);
  if (!pass.conditions.hasCritical()) await ensureStorage(scope);
  else pass.conditions.keep("StorageEnsured");
  return volumes;
}

async function checkOthers(scope: PlanScope): Promise<void> {
  const { deps, pass, plan, source, destination } = scope;
  const conflicts = conflictingPlans(plan, (await watchPlans(pass, deps)).list());
  if (conflicts.length > 0) {
    pass.conditions.set({
      type: "PlanConflict",
      category: "Error",
      reason: "Conflict",
      message:
        "These open plans use the same namespaces on the same clusters: []. Close them, or take the namespaces off one of the plans.",
      items: conflicts,
    });
  }
  for (const problem of await hookProblems(deps.host, plan)) pass.conditions.set(problem);
  await checkImages(scope);
  await checkIncludedResources(scope);
  checkVersions(pass, source, destination);
}

async function lookIntoNamespaces(
  scope: PlanScope,
  planType: ReturnType<typeof checkPlanType>,
): Promise<readonly PlanVolume[] | undefined> {
  const { pass, source, destination, namespaces } = scope;
  const isPossible = source && destination && !pass.conditions.has(...NEEDED_FOR_DISCOVERY);
  if (!isPossible) return undefined;
  await checkPermissions(scope);
  const names = [...new Set(namespaces.map((mapping) => mapping.source))];
  const facts = await concurrently(names, 8, (name) => readNamespaceFacts(source.cluster, name));
  checkPods(scope, facts);
  await checkApis(scope);
  const ends: PlanScope & { source: Side; destination: Side } = { ...scope, source, destination };
  const volumes = await discoverVolumes(ends, facts, planType);
  const destinationClasses = pass.status.destStorageClasses ?? [];
  for (const problem of selectionProblems({ volumes, destinationClasses, planType })) {
    pass.conditions.set(problem);
  }
  return volumes;
}

function judge({ pass: { conditions } }: PlanScope): { hasBlocker: boolean } {
  const type = conditions.find("MigrationTypeIdentified")?.reason;
  const needed =
    type === "StorageConversionPlan" ? ["PvsDiscovered"] : ["PvsDiscovered", "StorageEnsured"];
  const isComplete = needed.every((name) => conditions.has(name));
  return { hasBlocker: conditions.hasBlocker() || !isComplete };
}

/** One write, refused when a person changed the plan meanwhile: then their choice is looked at first. */
async function writeSpec(
  pass: Pass<MigPlan>,
  volumes: readonly PlanVolume[] | undefined,
): Promise<void> {
  const { spec } = pass.object;
  const isChanged = volumes && !isDeepStrictEqual(spec.persistentVolumes ?? [], volumes);
  if (!isChanged && !spec.refresh) return;
  await pass.patch({
    spec: {
      ...(isChanged ? { persistentVolumes: volumes } : {}),
      ...(spec.refresh ? { refresh: false } : {}),
    },
  });
}
