"use client";

import {
  Alert,
  Button,
  Checkbox,
  Label,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
  Truncate,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr, TreeRowWrapper } from "@patternfly/react-table";
import type { MigrationTree, TreeNode } from "@drover/contract";
import { useMemo, useState } from "react";
import { Age } from "../../shared/ui/age.tsx";
import { NothingMatches } from "../../shared/ui/nothing-matches.tsx";
import type { NodeTab } from "./node-drawer.tsx";
import { NodeMenu } from "./node-menu.tsx";
import { NodeStatusLabel } from "./node-status.tsx";
import {
  filteredTree,
  initiallyExpanded,
  isUnfinished,
  mentions,
  treeRows,
  type TreeRow,
} from "./tree-rows.ts";

type Props = {
  readonly tree: MigrationTree;
  readonly selected: string | undefined;
  readonly onSelect: (node: TreeNode, tab?: NodeTab) => void;
};

/** Every object of a migration on all of its clusters, as a tree that opens where something is wrong. */
export function ResourceTree({ tree, selected, onSelect }: Props) {
  const [search, setSearch] = useState("");
  const [onlyUnfinished, setOnlyUnfinished] = useState(false);
  // What the person opened or closed wins over what opens by itself.
  const [touched, setTouched] = useState<ReadonlyMap<string, boolean>>(new Map());

  const matches = (node: TreeNode) =>
    mentions(search)(node) && (!onlyUnfinished || isUnfinished(node));
  const isFiltered = search !== "" || onlyUnfinished;
  const root = isFiltered ? filteredTree(tree.root, matches) : tree.root;
  const byItself = useMemo(() => initiallyExpanded(tree.root), [tree.root]);
  const rows =
    root === undefined
      ? []
      : treeRows(root, isFiltered ? everyId(root) : withTouched(byItself, touched));

  return (
    <>
      {tree.missing.map(({ cluster, reason }) => (
        <Alert
          key={cluster}
          isInline
          component="p"
          variant="warning"
          title={`What is on ${cluster} cannot be shown`}
        >
          {reason}
        </Alert>
      ))}
      <TreeToolbar
        search={search}
        onlyUnfinished={onlyUnfinished}
        onSearch={setSearch}
        onOnlyUnfinished={setOnlyUnfinished}
      />
      <Table isTreeTable aria-label="Resources of the migration" variant="compact">
        <Thead>
          <Tr>
            <Th modifier="nowrap" width={40}>
              Resource
            </Th>
            <Th modifier="nowrap">Cluster</Th>
            <Th modifier="nowrap">Namespace</Th>
            <Th modifier="nowrap">Status</Th>
            <Th modifier="nowrap">Age</Th>
            <Th screenReaderText="Actions" />
          </Tr>
        </Thead>
        <Tbody>
          {rows.map((row, index) => (
            <ResourceRow
              key={row.node.id}
              row={row}
              index={index}
              isSelected={row.node.id === selected}
              onSelect={onSelect}
              onToggle={() => {
                setTouched(new Map(touched).set(row.node.id, !row.isExpanded));
              }}
            />
          ))}
        </Tbody>
      </Table>
      {root === undefined && (
        <NothingMatches
          onClear={() => {
            setSearch("");
            setOnlyUnfinished(false);
          }}
        />
      )}
    </>
  );
}

type ToolbarProps = {
  readonly search: string;
  readonly onlyUnfinished: boolean;
  readonly onSearch: (text: string) => void;
  readonly onOnlyUnfinished: (isOn: boolean) => void;
};

function TreeToolbar({ search, onlyUnfinished, onSearch, onOnlyUnfinished }: ToolbarProps) {
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label="Search resources"
            placeholder="Search by kind, cluster or name"
            value={search}
            onChange={(_event, value) => {
              onSearch(value);
            }}
            onClear={() => {
              onSearch("");
            }}
          />
        </ToolbarItem>
        <ToolbarItem alignSelf="center">
          <Checkbox
            id="only-unfinished"
            label="Show only what is not done"
            isChecked={onlyUnfinished}
            onChange={(_event, checked) => {
              onOnlyUnfinished(checked);
            }}
          />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

function everyId(root: TreeNode): ReadonlySet<string> {
  return new Set([root.id, ...root.children.flatMap((child) => [...everyId(child)])]);
}

function withTouched(
  open: ReadonlySet<string>,
  touched: ReadonlyMap<string, boolean>,
): ReadonlySet<string> {
  const result = new Set(open);
  for (const [id, isOpen] of touched) {
    if (isOpen) result.add(id);
    else result.delete(id);
  }
  return result;
}

type RowProps = {
  readonly row: TreeRow;
  readonly index: number;
  readonly isSelected: boolean;
  readonly onSelect: (node: TreeNode, tab?: NodeTab) => void;
  readonly onToggle: () => void;
};

function ResourceRow({ row, index, isSelected, onSelect, onToggle }: RowProps) {
  const { node, level, position, siblings, isExpanded } = row;
  return (
    <TreeRowWrapper
      row={{
        props: {
          isExpanded,
          "aria-level": level,
          "aria-posinset": position,
          "aria-setsize": node.children.length > 0 ? siblings : 0,
        },
      }}
    >
      <Td
        dataLabel="Resource"
        treeRow={{
          onCollapse: onToggle,
          rowIndex: index,
          props: {
            isExpanded,
            "aria-level": level,
            "aria-posinset": position,
            "aria-setsize": node.children.length,
          },
        }}
      >
        <Label isCompact {...(isSelected && { color: "blue" })}>
          {node.kind}
        </Label>{" "}
        <Button
          variant="link"
          isInline
          onClick={() => {
            onSelect(node);
          }}
        >
          <Truncate content={node.name} position="middle" />
        </Button>
      </Td>
      <Td dataLabel="Cluster">{node.cluster}</Td>
      <Td dataLabel="Namespace">{node.namespace ?? "–"}</Td>
      <Td dataLabel="Status">
        <NodeStatusLabel status={node.status} />
      </Td>
      <Td dataLabel="Age">
        <Age since={node.createdAt} suffix="" />
      </Td>
      <Td isActionCell>
        <NodeMenu node={node} onView={onSelect} />
      </Td>
    </TreeRowWrapper>
  );
}
