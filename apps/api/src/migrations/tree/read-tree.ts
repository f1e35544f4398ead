import type { MigrationTree, TreeNode } from "@drover/contract";
import { MigMigration, MigPlan, isRefSet, namespaceMappings } from "@drover/crds";
import type { ObjectReference } from "@drover/crds";
import type { Actor } from "../../access/actor.ts";
import { AppError } from "../../app-error.ts";
import type { ClusterDeps } from "../../clusters/cluster-deps.ts";
import { runsOf } from "../../plans/plan-runs.ts";
import { readBackups, readRestores } from "./backup-branch.ts";
import { readClaims } from "./claim-index.ts";
import { openClusterReader } from "./cluster-reader.ts";
import type { ClusterReader } from "./cluster-reader.ts";
import { planNodeStatus, runNodeStatus } from "./node-status.ts";
import { readHooks, readImageMigrations, readStagePods } from "./other-branches.ts";
import { nodeMaker } from "./tree-node.ts";
import type { TreeScope } from "./tree-scope.ts";
import { readVolumeMigrations } from "./volume-branch.ts";

/** Upstream's order of siblings. */
const branches = [
  readBackups,
  readRestores,
  readVolumeMigrations,
  readImageMigrations,
  readStagePods,
  readHooks,
] as const;

function readerOf(
  { clusters }: ClusterDeps,
  actor: Actor,
  { ref, role }: { readonly ref: ObjectReference | undefined; readonly role: "source" | "target" },
): Promise<ClusterReader> {
  const name = ref?.name ?? "";
  return openClusterReader({ name, role, open: () => clusters.open(actor, name) });
}

async function readScope(deps: ClusterDeps, actor: Actor, name: string): Promise<TreeScope> {
  const { namespace } = deps.config;
  const migration = await actor.cluster.get(MigMigration, { namespace, name });
  const planRef = migration.spec.migPlanRef;
  const plan = isRefSet(planRef) ? await actor.cluster.find(MigPlan, planRef) : undefined;
  if (plan === undefined)
    throw new AppError("NOT_FOUND", `The plan of migration ${name} does not exist any more.`);
  const { srcMigClusterRef, destMigClusterRef } = plan.spec;
  const hostName = deps.hub.list("migclusters").find(({ spec }) => spec.isHostCluster)
    ?.metadata.name;
  const [host, source, target] = await Promise.all([
    openClusterReader({ name: hostName ?? "host", role: "host", open: async () => actor.cluster }),
    readerOf(deps, actor, { ref: srcMigClusterRef, role: "source" }),
    readerOf(deps, actor, { ref: destMigClusterRef, role: "target" }),
  ]);
  const mappings = namespaceMappings(plan.spec.namespaces);
  const [sourceClaims, targetClaims] = await Promise.all([
    readClaims(source, new Set(mappings.map((mapping) => mapping.source))),
    readClaims(target, new Set(mappings.map((mapping) => mapping.destination))),
  ]);
  return {
    plan,
    migration,
    namespace,
    host,
    source: { cluster: source, claims: sourceClaims },
    target: { cluster: target, claims: targetClaims },
    make: nodeMaker(),
  };
}

function missingClusters(scope: TreeScope): MigrationTree["missing"] {
  const reasons = new Map<string, string>();
  for (const { name, missing } of [scope.host, scope.source.cluster, scope.target.cluster]) {
    const reason = missing();
    if (reason !== undefined && !reasons.has(name)) reasons.set(name, reason);
  }
  return [...reasons].map(([cluster, reason]) => ({ cluster, reason }));
}

/** Everything that belongs to a migration, on all of its clusters, with how each object stands. */
export async function readTree(
  deps: ClusterDeps,
  actor: Actor,
  name: string,
): Promise<MigrationTree> {
  const scope = await readScope(deps, actor, name);
  const { plan, migration, host, make } = scope;
  const children: (readonly TreeNode[])[] = [];
  // In order, because the first branch that shows an object keeps it.
  for (const read of branches) children.push(await read(scope));
  const runs = runsOf(plan, deps.hub.list("migmigrations"));
  const [root] = make(MigPlan, plan, {
    at: host,
    status: planNodeStatus(plan, runs),
    children: () =>
      make(MigMigration, migration, {
        at: host,
        status: runNodeStatus(migration),
        children: () => children.flat(),
      }),
  });
  if (root === undefined) throw new Error("The tree has no root.");
  return { root, missing: missingClusters(scope) };
}
