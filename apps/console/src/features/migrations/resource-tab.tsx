"use client";

import { Skeleton } from "@patternfly/react-core";
import type { TreeNode } from "@drover/contract";
import type { MigMigration } from "@drover/crds";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { resourceQuery } from "../../shared/api/resources.ts";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { treeQuery } from "./migration-queries.ts";
import type { NodeTab } from "./node-drawer.tsx";
import { ResourceTree } from "./resource-tree.tsx";

type Props = {
  readonly migration: MigMigration;
  readonly selected: string | undefined;
  readonly onShow: (node: TreeNode, tab: NodeTab) => void;
};

/** The resource tree, read again whenever the stream says that the run went on. */
export function ResourceTab({ migration, selected, onShow }: Props) {
  const name = migration.metadata.name ?? "";
  const queryClient = useQueryClient();
  const tree = useQuery(treeQuery(name));
  const progress = useQuery(resourceQuery("directvolumemigrationprogresses"));
  const version = migration.metadata.resourceVersion;
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: treeQuery(name).queryKey });
  }, [queryClient, name, version, progress.data]);
  return (
    <AsyncView
      query={tree}
      title="Resources"
      loading={<Skeleton height="16rem" screenreaderText="Loading" />}
    >
      {(answer) => (
        <ResourceTree
          tree={answer}
          selected={selected}
          onSelect={(node, tab = "summary") => {
            onShow(node, tab);
          }}
        />
      )}
    </AsyncView>
  );
}
