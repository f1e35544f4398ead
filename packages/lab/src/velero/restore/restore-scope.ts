import type { Restore } from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";
import type { RawObject } from "../raw-object.ts";
import { groupResource } from "../raw-object.ts";
import { namespaceFilter, resourceFilter, type Filter } from "../resource-filter.ts";
import { matchesAny, selectorsOf } from "../selectors.ts";
import type { ArchivedItem } from "./archive-items.ts";
import { neverRestored } from "./skip-rules.ts";

/** What a restore's spec lets in. */
export class RestoreScope {
  readonly #spec: Restore["spec"];
  readonly #resources: Filter<Pick<DiscoveredResource, "group" | "plural" | "kind">>;
  readonly #namespaces: Filter<string>;

  constructor(spec: Restore["spec"]) {
    this.#spec = spec;
    this.#resources = resourceFilter({
      included: spec.includedResources,
      excluded: spec.excludedResources,
    });
    this.#namespaces = namespaceFilter({
      included: spec.includedNamespaces,
      excluded: spec.excludedNamespaces,
    });
  }

  includesResource(resource: DiscoveredResource): boolean {
    return !neverRestored.has(groupResource(resource)) && this.#resources.includes(resource);
  }

  /** Whether a resource the destination does not have was meant; its kind is not known then. */
  includesUnknown(resource: string): boolean {
    const dot = resource.indexOf(".");
    const plural = dot < 0 ? resource : resource.slice(0, dot);
    const group = dot < 0 ? "" : resource.slice(dot + 1);
    return !neverRestored.has(resource) && this.#resources.includes({ group, plural, kind: "" });
  }

  includesPlace({ namespace }: ArchivedItem): boolean {
    if (namespace !== undefined) return this.#namespaces.includes(namespace);
    return this.#spec.includeClusterResources ?? this.#namespaces.isEverything;
  }

  includesObject({ metadata }: RawObject): boolean {
    return (
      metadata.labels?.["velero.io/exclude-from-backup"] !== "true" &&
      matchesAny(selectorsOf(this.#spec), metadata.labels)
    );
  }
}
