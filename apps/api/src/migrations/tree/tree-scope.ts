import type { MigMigration, MigPlan } from "@drover/crds";
import type { ClaimIndex } from "./claim-index.ts";
import type { ClusterReader } from "./cluster-reader.ts";
import type { NodeMaker } from "./tree-node.ts";

/** One side of a migration. Within one cluster both sides read the same cluster. */
export type TreeEnd = { readonly cluster: ClusterReader; readonly claims: ClaimIndex };

/** What every branch of the tree is read from. */
export type TreeScope = {
  readonly plan: MigPlan;
  readonly migration: MigMigration;
  readonly namespace: string;
  readonly host: ClusterReader;
  readonly source: TreeEnd;
  readonly target: TreeEnd;
  readonly make: NodeMaker;
};

/** The ends to read objects from that could be on either; a plan within one cluster has one. */
export function distinctEnds({ source, target }: TreeScope): readonly TreeEnd[] {
  return source.cluster.name === target.cluster.name ? [source] : [source, target];
}

export function selector(labels: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value ?? ""}`)
    .join(",");
}
