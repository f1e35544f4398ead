import { conditionsOf, hasCondition, type Condition } from "@drover/crds";

/** Whether something can be used, and if not, why, in the controller's own sentences. */
export type Readiness =
  | { readonly state: "ready"; readonly warnings: readonly string[] }
  | { readonly state: "checking" }
  | { readonly state: "failed"; readonly reasons: readonly string[] };

const sentence = (condition: Condition) => condition.message ?? condition.type;

/** Reads the conditions of a MigCluster, MigStorage or MigPlan. */
export function readinessFrom(conditions: readonly Condition[] | undefined): Readiness {
  if (conditions === undefined || conditions.length === 0) return { state: "checking" };
  if (hasCondition(conditions, "Ready"))
    return { state: "ready", warnings: conditionsOf(conditions, "Warn").map(sentence) };
  const reasons = conditionsOf(conditions, "Critical", "Error").map(sentence);
  return reasons.length > 0 ? { state: "failed", reasons } : { state: "checking" };
}
