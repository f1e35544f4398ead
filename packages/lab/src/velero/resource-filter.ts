import type { DiscoveredResource } from "@drover/kube";
import { groupResource } from "./raw-object.ts";

type Named = Pick<DiscoveredResource, "group" | "plural" | "kind">;

function names(list: readonly string[] | null | undefined): readonly string[] {
  return (list ?? []).filter((name) => name !== "");
}

/** Whether a name from a spec (`pods`, `serviceaccount`, `deployments.apps`, `route.route.openshift.io`) means this resource. */
function means(name: string, resource: Named): boolean {
  const asked = name.toLowerCase();
  const singular = resource.kind.toLowerCase();
  const dot = asked.indexOf(".");
  const plain = dot < 0 ? asked : asked.slice(0, dot);
  if (plain !== resource.plural && plain !== singular) return false;
  // As kubectl has it, a group may be cut: `deployments.apps` and `routes.route` are both enough.
  return dot < 0 || resource.group.startsWith(asked.slice(dot + 1));
}

export type Lists = {
  readonly included?: readonly string[] | null | undefined;
  readonly excluded?: readonly string[] | null | undefined;
};

export type Filter<T> = {
  includes(value: T): boolean;
  /** True when nothing is left out. */
  readonly isEverything: boolean;
};

function filterOf<T>(lists: Lists, matches: (name: string, value: T) => boolean): Filter<T> {
  const included = names(lists.included);
  const excluded = names(lists.excluded);
  const takesAll = included.length === 0 || included.includes("*");
  return {
    isEverything: takesAll && excluded.length === 0,
    includes: (value) =>
      !excluded.some((name) => name === "*" || matches(name, value)) &&
      (takesAll || included.some((name) => matches(name, value))),
  };
}

export function resourceFilter(lists: Lists): Filter<Named> {
  return filterOf(lists, means);
}

export function namespaceFilter(lists: Lists): Filter<string> {
  return filterOf(lists, (name, namespace) => name === namespace);
}

/** What is wrong with a pair of lists, in Velero's terms; empty when nothing is. */
export function listProblems(lists: Lists, what: string): string[] {
  const included = names(lists.included);
  const excluded = names(lists.excluded);
  const problems: string[] = [];
  if (included.length > 1 && included.includes("*")) {
    problems.push(
      `Invalid included/excluded ${what} lists: includes list must either contain '*' only, or a non-empty list of items`,
    );
  }
  if (excluded.includes("*")) {
    problems.push(`Invalid included/excluded ${what} lists: excludes list cannot contain '*'`);
  }
  for (const name of included.filter((one) => excluded.includes(one))) {
    problems.push(
      `Invalid included/excluded ${what} lists: excludes list cannot contain an item in the includes list: ${name}`,
    );
  }
  return problems;
}

// The same objects are served under both names; one of them is enough.
const twins = new Set([
  "events.events.k8s.io",
  "deployments.extensions",
  "networkpolicies.extensions",
]);

/** The resources worth asking for: preferred versions whose objects can be listed and created again. */
export function backupResources(discovered: readonly DiscoveredResource[]): DiscoveredResource[] {
  const needed = ["list", "create", "get", "delete"];
  return discovered.filter(
    (resource) =>
      resource.preferred &&
      !resource.plural.includes("/") &&
      needed.every((verb) => resource.verbs.includes(verb)) &&
      !twins.has(groupResource(resource)),
  );
}
