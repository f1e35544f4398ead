import type { ResourceInfo } from "../resources/resource-info.ts";
import { definitionStrategy } from "./definition-strategy.ts";
import { namespaceStrategy } from "./namespace-strategy.ts";
import type { Strategy } from "./strategy.ts";

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  namespaces: namespaceStrategy,
  "customresourcedefinitions.apiextensions.k8s.io": definitionStrategy,
};

const NONE: Strategy = {};

export function strategyFor(resource: ResourceInfo): Strategy {
  return STRATEGIES[resource.storage] ?? NONE;
}
