import type { TreeNode } from "@drover/contract";
import { expect, test } from "vitest";
import { filteredTree, initiallyExpanded, isUnfinished, mentions, treeRows } from "./tree-rows.ts";

function aNode(
  name: string,
  state: TreeNode["status"]["state"],
  children: TreeNode[] = [],
): TreeNode {
  return {
    id: name,
    kind: "Pod",
    apiVersion: "v1",
    plural: "pods",
    namespace: "shop",
    name,
    uid: name,
    cluster: "source",
    role: "source",
    createdAt: "2026-01-01T00:00:00Z",
    status: { state, text: state },
    children,
  };
}

const tree = aNode("plan", "running", [
  aNode("run", "running", [
    aNode("backup", "succeeded", [aNode("volume-a", "succeeded")]),
    aNode("copy", "running", [aNode("copy-a", "failed")]),
  ]),
]);

test("finished branches are closed and failed ones are open", () => {
  const open = initiallyExpanded(tree);
  expect(open.has("copy")).toBe(true);
  expect(open.has("backup")).toBe(false);
});

test("rows follow what is open", () => {
  const names = treeRows(tree, new Set(["plan", "run"])).map(
    ({ node, level }) => `${String(level)} ${node.name}`,
  );
  expect(names).toEqual(["1 plan", "2 run", "3 backup", "3 copy"]);
});

test("a filter keeps what is above a match", () => {
  const kept = filteredTree(tree, mentions("copy-a"));
  expect(
    treeRows(kept ?? tree, new Set(["plan", "run", "copy"])).map(({ node }) => node.name),
  ).toEqual(["plan", "run", "copy", "copy-a"]);
});

test("only what is not done leaves out finished branches", () => {
  const kept = filteredTree(tree, isUnfinished);
  expect(kept?.children[0]?.children.map(({ name }) => name)).toEqual(["copy"]);
});

test("nothing that matches is no tree", () => {
  expect(filteredTree(tree, mentions("nowhere"))).toBeUndefined();
});
