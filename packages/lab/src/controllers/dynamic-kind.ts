import type { KubeObject, ResourceKind } from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";
import { labKind } from "../node/kinds/lab-kind.ts";

/** A kind known from discovery alone. */
export function dynamicKind(resource: DiscoveredResource): ResourceKind<KubeObject> {
  const { group, version, kind, plural, namespaced } = resource;
  return labKind(group, kind, { version, plural, namespaced });
}

/** Resources whose objects can be listed and deleted, each in its preferred version. */
export function deletableResources(
  resources: readonly DiscoveredResource[],
): readonly DiscoveredResource[] {
  return resources.filter(
    ({ verbs, preferred, group }) =>
      preferred &&
      group !== "events.k8s.io" &&
      ["delete", "list", "watch"].every((verb) => verbs.includes(verb)),
  );
}
