import type { NodeStatus, TreeNode } from "@drover/contract";

/** A node of the resource tree as one row of its table. */
export type TreeRow = {
  readonly node: TreeNode;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  readonly isExpanded: boolean;
};

const finished: ReadonlySet<NodeStatus["state"]> = new Set(["succeeded"]);

const hasTrouble = (node: TreeNode): boolean =>
  node.status.state === "failed" ||
  node.status.state === "warning" ||
  node.children.some(hasTrouble);

/** Nodes that are open before anybody touched them: everything down to where it is done, and all trouble. */
export function initiallyExpanded(root: TreeNode): ReadonlySet<string> {
  const open = new Set<string>();
  const visit = (node: TreeNode, depth: number) => {
    if (depth < 2 || hasTrouble(node) || !finished.has(node.status.state)) open.add(node.id);
    for (const child of node.children) visit(child, depth + 1);
  };
  visit(root, 0);
  return open;
}

/** The tree with only the nodes that match and those above them; undefined when nothing does. */
export function filteredTree(
  node: TreeNode,
  matches: (node: TreeNode) => boolean,
): TreeNode | undefined {
  const children = node.children.flatMap((child) => filteredTree(child, matches) ?? []);
  return children.length > 0 || matches(node) ? { ...node, children } : undefined;
}

/** The visible rows, top to bottom. */
export function treeRows(root: TreeNode, expanded: ReadonlySet<string>): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (siblings: readonly TreeNode[], level: number) => {
    for (const [index, node] of siblings.entries()) {
      const isExpanded = expanded.has(node.id);
      rows.push({ node, level, position: index + 1, siblings: siblings.length, isExpanded });
      if (isExpanded) visit(node.children, level + 1);
    }
  };
  visit([root], 1);
  return rows;
}

/** Whether the text is in what the row says. */
export function mentions(text: string): (node: TreeNode) => boolean {
  const wanted = text.toLowerCase();
  return ({ kind, namespace = "", name, cluster }) =>
    `${kind} ${cluster}/${namespace}/${name}`.toLowerCase().includes(wanted);
}

export const isUnfinished = (node: TreeNode): boolean => !finished.has(node.status.state);
