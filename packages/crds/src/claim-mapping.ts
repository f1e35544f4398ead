import { parseMapping } from "./name-mapping.ts";
import type { NameMapping } from "./name-mapping.ts";
import type { MigPlan } from "./migration/mig-plan.ts";
import type { PlanVolume } from "./migration/plan-volume.ts";

/** Where the claim of a volume is and what it becomes. */
export type ClaimMapping = {
  readonly namespace: NameMapping;
  readonly claim: NameMapping;
  readonly volume: PlanVolume;
};

/** The claims of a plan that are not skipped, with both of their names and namespaces. */
export function claimMappings(plan: Pick<MigPlan, "spec">): ClaimMapping[] {
  const namespaces = new Map(
    (plan.spec.namespaces ?? []).map(parseMapping).map((mapping) => [mapping.source, mapping]),
  );
  return (plan.spec.persistentVolumes ?? [])
    .filter(({ selection, pvc }) => selection.action !== "skip" && pvc?.name)
    .map((volume) => {
      const source = volume.pvc?.namespace ?? "";
      return {
        namespace: namespaces.get(source) ?? { source, destination: source },
        claim: parseMapping(volume.pvc?.name ?? ""),
        volume,
      };
    });
}

/** The name of a converted claim: its base with the plan's suffix, cut as upstream cuts it. */
export function convertedClaimName(name: string, suffix: string): string {
  const base = name.replace(/-(new|mig-[a-zA-Z0-9]{4})$/, "").slice(0, 247);
  return `${base}-mig-${suffix}`.slice(0, 253);
}
