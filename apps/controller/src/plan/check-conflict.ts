import { isRefSet, namespaceMappings } from "@drover/crds";
import type { MigPlan, ObjectReference } from "@drover/crds";

/** Each namespace on each cluster that a plan reads or writes, as text that can be compared. */
export function placesOf({ spec }: MigPlan): string[] {
  const place = (ref: ObjectReference | undefined, namespace: string) =>
    isRefSet(ref) ? [`${ref.namespace}/${ref.name}/${namespace}`] : [];
  return namespaceMappings(spec.namespaces).flatMap(({ source, destination }) => [
    ...place(spec.srcMigClusterRef, source),
    ...place(spec.destMigClusterRef, destination),
  ]);
}

/** The other open plans that touch a namespace of this plan on the same cluster. */
export function conflictingPlans(plan: MigPlan, others: readonly MigPlan[]): string[] {
  const places = new Set(placesOf(plan));
  return others
    .filter(({ metadata, spec }) => metadata.uid !== plan.metadata.uid && !spec.closed)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter((other) => placesOf(other).some((place) => places.has(place)))
    .map(({ metadata }) => metadata.name ?? "")
    .toSorted();
}
