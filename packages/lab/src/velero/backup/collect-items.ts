import type { Backup } from "@drover/crds";
import { KubeError, type Cluster, type DiscoveredResource } from "@drover/kube";
import { groupResource, rawKind, type RawObject } from "../raw-object.ts";
import { namespaceFilter, resourceFilter, type Filter } from "../resource-filter.ts";
import type { RunLog } from "../run-log.ts";
import { matchesAny, selectorsOf, selectorText } from "../selectors.ts";
import type { ItemStore } from "./item-store.ts";

const excludeLabel = "velero.io/exclude-from-backup";

/** What a backup's spec lets in. */
export type BackupScope = {
  readonly spec: Backup["spec"];
  readonly resources: Filter<Pick<DiscoveredResource, "group" | "plural" | "kind">>;
  readonly namespaces: Filter<string>;
};

export function backupScope(spec: Backup["spec"]): BackupScope {
  return {
    spec,
    resources: resourceFilter({
      included: spec.includedResources,
      excluded: spec.excludedResources,
    }),
    namespaces: namespaceFilter({
      included: spec.includedNamespaces,
      excluded: spec.excludedNamespaces,
    }),
  };
}

export type Collection = {
  readonly cluster: Cluster;
  readonly scope: BackupScope;
  readonly items: ItemStore;
  readonly log: RunLog;
  readonly signal: AbortSignal;
};

function isExcluded(object: RawObject): boolean {
  return object.metadata.labels?.[excludeLabel] === "true";
}

/** The namespaces to list in; undefined for all of them at once. */
function namespacesToList({ spec }: BackupScope): readonly string[] | undefined {
  const included = (spec.includedNamespaces ?? []).filter((name) => name !== "");
  return included.length === 0 || included.includes("*") ? undefined : included;
}

async function addPages(
  { cluster, items, scope, signal }: Collection,
  resource: DiscoveredResource,
  options: { readonly namespace?: string; readonly labelSelector?: string },
): Promise<void> {
  for await (const page of cluster.pages(rawKind(resource), { ...options, signal })) {
    for (const object of page.items) {
      const { namespace } = object.metadata;
      const isWanted = namespace === undefined || scope.namespaces.includes(namespace);
      if (isWanted && !isExcluded(object)) await items.add(resource, object);
    }
  }
}

async function collectNamespaced(
  collection: Collection,
  resource: DiscoveredResource,
): Promise<void> {
  const namespaces = namespacesToList(collection.scope) ?? [undefined];
  const selectors = selectorsOf(collection.scope.spec);
  const texts = selectors.length === 0 ? [undefined] : selectors.map(selectorText);
  for (const namespace of namespaces) {
    for (const labelSelector of texts) {
      await addPages(collection, resource, {
        ...(namespace === undefined ? {} : { namespace }),
        ...(labelSelector === undefined ? {} : { labelSelector }),
      });
    }
  }
}

/** Namespaces that were asked for by name come along although they are cluster-scoped. */
async function collectNamespaceObjects(
  { cluster, scope, items, log }: Collection,
  resource: DiscoveredResource,
): Promise<void> {
  const selectors = selectorsOf(scope.spec);
  for (const name of namespacesToList(scope) ?? []) {
    const object = await cluster.find(rawKind(resource), { name });
    if (object === undefined) {
      log.warn(`The namespace "${name}" does not exist, so nothing of it is backed up.`);
    } else if (matchesAny(selectors, object.metadata.labels) && !isExcluded(object)) {
      await items.add(resource, object);
    }
  }
}

async function collectResource(
  collection: Collection,
  resource: DiscoveredResource,
): Promise<void> {
  const { scope } = collection;
  if (resource.namespaced) return collectNamespaced(collection, resource);
  if (groupResource(resource) === "namespaces" && namespacesToList(scope) !== undefined) {
    return collectNamespaceObjects(collection, resource);
  }
  const { includeClusterResources } = scope.spec;
  const isWanted = includeClusterResources ?? scope.namespaces.isEverything;
  if (isWanted) await collectNamespaced({ ...collection, scope: allNamespaces(scope) }, resource);
}

function allNamespaces(scope: BackupScope): BackupScope {
  return { ...scope, spec: { ...scope.spec, includedNamespaces: ["*"] } };
}

/** Reads every object the spec names into the item store. A kind that cannot be listed is an error of the backup, not its end. */
export async function collectItems(
  collection: Collection,
  resources: readonly DiscoveredResource[],
): Promise<void> {
  for (const resource of resources) {
    if (!collection.scope.resources.includes(resource)) continue;
    collection.signal.throwIfAborted();
    try {
      await collectResource(collection, resource);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      // The kind went away since discovery.
      if (error.isNotFound) continue;
      collection.log.error(`Cannot list ${groupResource(resource)}: ${error.message}`);
    }
  }
}
