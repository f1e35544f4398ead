import { Annotation, Namespace, dns1123LabelProblem, routeNamespaceMaxLength } from "@drover/crds";
import type { NameMapping } from "@drover/crds";
import { concurrently } from "../runtime/concurrently.ts";
import type { ConditionInput } from "../runtime/condition-stage.ts";
import type { PlanScope, Side } from "./plan-scope.ts";

/** What is wrong with the plan's list of namespaces as it is written. */
export function namespaceListProblems(
  namespaces: readonly NameMapping[],
  limit: number,
): ConditionInput[] {
  if (namespaces.length === 0) {
    const message = "spec.namespaces is empty. Choose the namespaces to migrate.";
    return [critical("NamespaceListEmpty", "NotFound", message)];
  }
  const problems: ConditionInput[] = [];
  if (namespaces.length > limit) {
    const message = `The plan lists ${namespaces.length} namespaces; at most ${limit} are allowed. Split the plan, or raise mig_namespace_limit.`;
    problems.push(critical("NamespaceLimitExceeded", "LimitExceeded", message));
  }
  const sources = repeated(namespaces.map(({ source }) => source));
  if (sources.length > 0) {
    const message = "These source namespaces are listed more than once: []. List each once.";
    problems.push({
      ...critical("DuplicateNamespaceOnSourceCluster", "DuplicateNamespaces", message),
      items: sources,
    });
  }
  const targets = repeated(namespaces.map(({ destination }) => destination));
  if (targets.length > 0) {
    const message =
      "More than one source namespace would become these on the target: []. Give each a target name of its own.";
    problems.push({
      ...critical("DuplicateNamespaceOnDestinationCluster", "DuplicateNamespaces", message),
      items: targets,
    });
  }
  const invalid = namespaces.flatMap(({ destination }) => dns1123LabelProblem(destination) ?? []);
  if (invalid.length > 0) {
    const message = `These target names cannot be namespaces: ${invalid.join(" ")}`;
    problems.push(critical("NamespaceNotDNSCompliant", "NotDNSCompliant", message));
  }
  return problems;
}

/** A target name that leaves no room for the host name of its route. */
export function namespaceLengthProblem(scope: PlanScope): ConditionInput | undefined {
  const { destination, plan, namespaces } = scope;
  if (plan.spec.indirectVolumeMigration || !destination) return undefined;
  const usesRoutes = destination.settings.endpointType === "Route";
  if (!usesRoutes || destination.settings.clusterSubdomain) return undefined;
  const long = namespaces
    .map((mapping) => mapping.destination)
    .filter((name) => name.length > routeNamespaceMaxLength);
  if (long.length === 0) return undefined;
  return {
    type: "NamespaceLengthExceeded",
    category: "Warn",
    reason: "LengthExceeded",
    message: `These target namespaces are longer than ${routeNamespaceMaxLength} characters, so the route of their transfer gets too long a host name: []. Set cluster_subdomain on the target, or choose shorter names.`,
    items: long,
  };
}

/** Namespaces that have to be there, and are not. */
export async function checkNamespacesExist({
  source,
  destination,
  namespaces,
  deps,
  pass,
}: PlanScope) {
  if (source) {
    const wanted = [deps.namespace, ...namespaces.map((mapping) => mapping.source)];
    const missing = await missingNamespaces(source, wanted);
    if (missing.length > 0) {
      const name = source.migCluster.metadata.name ?? "";
      const message = `These namespaces do not exist on source cluster ${name}: []. Take them off the plan, or create them.`;
      const type = "NamespaceNotFoundOnSourceCluster";
      pass.conditions.set({ ...critical(type, "NotFound", message), items: missing });
    }
  }
  if (destination && (await missingNamespaces(destination, [deps.namespace])).length > 0) {
    const name = destination.migCluster.metadata.name ?? "";
    const message = `Namespace ${deps.namespace} does not exist on target cluster ${name}. Install the migration operator there.`;
    pass.conditions.set(critical("NamespaceNotFoundOnDestinationCluster", "NotFound", message));
  }
}

async function missingNamespaces({ cluster }: Side, names: readonly string[]): Promise<string[]> {
  const unique = [...new Set(names.filter((name) => name !== ""))];
  const found = await concurrently(unique, 16, (name) => cluster.find(Namespace, { name }));
  return unique.filter((_name, index) => found[index] === undefined);
}

const PERMISSIONS = [
  Annotation.sccUidRange,
  Annotation.sccSupplementalGroups,
  Annotation.sccMcs,
] as const;

/** Target namespaces that exist already with other user and group ranges than the source's. */
export async function checkPermissions({ source, destination, namespaces, pass }: PlanScope) {
  if (!source || !destination) return;
  const different = await concurrently(namespaces, 16, async (mapping) => {
    const there = await destination.cluster.find(Namespace, { name: mapping.destination });
    if (!there) return [];
    const here = await source.cluster.find(Namespace, { name: mapping.source });
    return differ(here, there) ? [mapping.destination] : [];
  });
  const items = different.flat();
  if (items.length === 0 || pass.conditions.has("IntraClusterMigration")) return;
  pass.conditions.set({
    type: "IntraClusterMigration",
    category: "Warn",
    reason: "ConflictingPermissions",
    message:
      "These target namespaces exist already, with other ranges of user and group ids than on the source, so pods may not be able to read migrated files: []. Give the namespace the source's openshift.io/sa.scc annotations.",
    items,
  });
}

function differ(here: Namespace | undefined, there: Namespace): boolean {
  return PERMISSIONS.some((key) => {
    const wanted = here?.metadata.annotations?.[key];
    return wanted !== undefined && wanted !== there.metadata.annotations?.[key];
  });
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function critical(type: string, reason: string, message: string): ConditionInput {
  return { type, category: "Critical", reason, message };
}
