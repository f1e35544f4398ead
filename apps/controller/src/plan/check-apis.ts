import { digestOf } from "../runtime/digest.ts";
import { incompatibleKinds, incompatibleNamespaces } from "./compare-apis.ts";
import { named } from "./plan-scope.ts";
import type { PlanScope } from "./plan-scope.ts";

/** Kinds of the source that the target lacks; looked for when the plan changed or is refreshed. */
export async function checkApis({ source, destination, pass, plan, namespaces }: PlanScope) {
  if (!source || !destination) return;
  const isChanged = plan.status?.observedDigest !== digestOf(plan.spec);
  if (!isChanged && !plan.spec.refresh) {
    pass.conditions.keep("GVKsIncompatible");
    return;
  }
  const kinds = incompatibleKinds(await source.discovery(), await destination.discovery());
  const names = namespaces.map((mapping) => mapping.source);
  const found = await incompatibleNamespaces(source.cluster, names, kinds);
  pass.status.incompatibleNamespaces = found.length > 0 ? found : undefined;
  if (found.length === 0) return;
  const list = found.map(
    ({ name, gvks }) =>
      `${name} (${named(
        gvks.map(({ kind }) => kind),
        5,
      )})`,
  );
  const target = destination.migCluster.metadata.name ?? "";
  pass.conditions.set({
    type: "GVKsIncompatible",
    category: "Warn",
    message: `Cluster ${target} does not serve kinds that are used in ${named(list)}. These objects will not be migrated; install what serves them there first.`,
  });
}

/** Kinds that the plan wants to include and the source does not know. */
export async function checkIncludedResources({ source, plan, pass }: PlanScope) {
  const included = plan.spec.includedResources ?? [];
  if (!source || included.length === 0) return;
  const known = new Set((await source.discovery()).map(({ group, kind }) => `${kind}.${group}`));
  const unknown = included
    .map(({ group, kind }) => `${kind}.${group}`)
    .filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  pass.conditions.set({
    type: "InvalidResourceList",
    category: "Critical",
    message:
      "spec.includedResources names kinds that the source cluster does not know: []. Correct group and kind.",
    items: unknown,
  });
}
