import { resourcesOf } from "../kinds/definition-strategy.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { ResourceRegistry } from "./resource-registry.ts";

const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

/** Serves what the stored definitions define, now and after every change of them. */
export function followDefinitions(store: ObjectStore, registry: ResourceRegistry): void {
  for (const entry of store.list(DEFINITIONS)) {
    registry.setCustom(entry.object.metadata.name, resourcesOf(entry.object));
  }
  store.listen(DEFINITIONS, ({ type, entry }) => {
    const { name } = entry.object.metadata;
    if (type === "DELETED") registry.removeCustom(name);
    else registry.setCustom(name, resourcesOf(entry.object));
  });
}
