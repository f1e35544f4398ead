import { PersistentVolume } from "@drover/crds";
import type { PlanTypeReason, PlanVolume } from "@drover/crds";
import { concurrently } from "../runtime/concurrently.ts";
import { lacksCeph } from "./default-selection.ts";
import type { Classes } from "./default-selection.ts";
import type { NamespaceFacts } from "./namespace-facts.ts";
import { isPlanClaim, planVolumes } from "./plan-volumes.ts";
import type { FoundVolume } from "./plan-volumes.ts";
import type { PlanScope, Side } from "./plan-scope.ts";
import { readStorageClasses } from "./storage-classes.ts";

/** Finds the volumes of the source namespaces and the storage classes of both clusters. */
export async function discoverVolumes(
  scope: PlanScope & { readonly source: Side; readonly destination: Side },
  facts: readonly NamespaceFacts[],
  planType: PlanTypeReason | undefined,
): Promise<PlanVolume[]> {
  const { pass, plan, settings, source, destination } = scope;
  const classes: Classes = {
    source: await readStorageClasses(source.cluster),
    destination: await readStorageClasses(destination.cluster),
  };
  pass.status.srcStorageClasses = [...classes.source];
  pass.status.destStorageClasses = [...classes.destination];
  const isConversion = planType === "StorageConversionPlan";
  const isExcluded = settings.excludedResources.includes("persistentvolumeclaims");
  const found = isExcluded ? [] : await findVolumes(scope, facts, isConversion);
  checkCeph(scope, found, classes);
  const volumes = planVolumes(found, plan.spec.persistentVolumes ?? [], {
    classes,
    moveStorageClasses: settings.moveStorageClasses,
    conversionSuffix: isConversion ? pass.status.suffix : undefined,
  });
  report(scope, volumes.length);
  return volumes;
}

async function findVolumes(
  { source, plan, pass }: PlanScope & { readonly source: Side },
  facts: readonly NamespaceFacts[],
  isConversion: boolean,
): Promise<FoundVolume[]> {
  const rules = { suffix: pass.status.suffix, planUid: plan.metadata.uid ?? "", isConversion };
  const bound = facts.flatMap(({ claims, uses }) =>
    claims
      .filter((claim) => claim.spec.volumeName && isPlanClaim(claim, rules))
      .map((claim) => ({ claim, uses })),
  );
  // By name: a list of all volumes of a cluster can be very long.
  const found = await concurrently(bound, 16, async ({ claim, uses }) => {
    const name = claim.spec.volumeName ?? "";
    const volume = await source.cluster.find(PersistentVolume, { name });
    return volume?.status?.phase === "Bound" ? [{ volume, claim, uses }] : [];
  });
  return found.flat();
}

function checkCeph({ pass }: PlanScope, found: readonly FoundVolume[], classes: Classes): void {
  const items = found.filter((one) => lacksCeph(one, classes));
  if (items.length === 0) return;
  pass.conditions.set({
    type: "PvWarnNoCephAvailable",
    category: "Warn",
    message:
      "The target has no Ceph storage class, which suits these Gluster volumes best: []. Choose a class for them yourself.",
    items: items.map(({ volume }) => volume.metadata.name ?? ""),
  });
}

function report({ pass, settings }: PlanScope, count: number): void {
  pass.conditions.set({
    type: "PvsDiscovered",
    category: "Required",
    reason: "Done",
    message: `The volumes of the source namespaces were looked for: ${count} found.`,
  });
  if (count <= settings.volumeLimit) return;
  pass.conditions.set({
    type: "PvLimitExceeded",
    category: "Warn",
    reason: "LimitExceeded",
    message: `The plan has ${count} volumes; more than ${settings.volumeLimit} may make the migration slow. Split the plan, or raise mig_pv_limit.`,
  });
}
