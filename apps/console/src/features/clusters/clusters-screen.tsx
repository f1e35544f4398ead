"use client";

import {
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Label,
  PageSection,
  Truncate,
} from "@patternfly/react-core";
import { ClusterIcon } from "@patternfly/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { resourceQuery } from "../../shared/api/resources.ts";
import { usePermission, useSession } from "../../shared/api/session.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { DataTable, type Column } from "../../shared/ui/data-table.tsx";
import { DeleteDialog } from "../../shared/ui/delete-dialog.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";
import { ReadinessLabel } from "../../shared/ui/readiness-label.tsx";
import { EditRemoveMenu } from "../../shared/ui/edit-remove-menu.tsx";
import { SkeletonTable } from "../../shared/ui/skeleton-table.tsx";
import { useRemoveCluster } from "./cluster-queries.ts";
import { clusterView, type ClusterView } from "./cluster-view.ts";

const columns: readonly Column<ClusterView>[] = [
  {
    title: "Name",
    width: 25,
    sort: ({ name }) => name,
    cell: ({ name, isHost }) => (
      <>
        {name} {isHost && <Label isCompact>host</Label>}
      </>
    ),
  },
  {
    title: "Location",
    sort: ({ url }) => url,
    cell: ({ url }) => <Truncate content={url} position="middle" />,
  },
  { title: "Version", sort: ({ version }) => version ?? "", cell: ({ version }) => version ?? "–" },
  { title: "Plans", sort: ({ planCount }) => planCount, cell: ({ planCount }) => planCount },
  {
    title: "Status",
    sort: ({ readiness }) => readiness.state,
    cell: ({ readiness }) => <ReadinessLabel readiness={readiness} />,
  },
];

function RemoveDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { notify } = useNotifications();
  const remove = useRemoveCluster(name);
  return (
    <DeleteDialog
      title={`Remove cluster ${name}?`}
      action="Remove"
      mutation={remove}
      onRemoved={() => {
        notify("success", `Cluster ${name} removed`);
      }}
      onClose={onClose}
    >
      Drover forgets this cluster and the token it was given. Nothing on the cluster itself is
      changed.
    </DeleteDialog>
  );
}

/** The clusters that migrations can start from or go to. */
export function ClustersScreen() {
  const router = useRouter();
  const { host } = useSession();
  const verdict = usePermission("clusters.write");
  const clusters = useQuery(resourceQuery("migclusters"));
  const plans = useQuery(resourceQuery("migplans"));
  const add = (
    <PermittedButton verdict={verdict} onClick={() => router.push("/clusters/new")}>
      Add cluster
    </PermittedButton>
  );
  return (
    <>
      <PageHeader
        title="Clusters"
        description="The clusters applications are moved between. Drover itself runs on the host cluster."
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <AsyncView
          query={clusters}
          title="Clusters"
          loading={<SkeletonTable label="Clusters" columns={columns.map(({ title }) => title)} />}
        >
          {(list) => (
            <DataTable
              label="Clusters"
              rows={list.map((cluster) => clusterView(cluster, plans.data ?? [], host.url))}
              columns={columns}
              rowKey={({ name }) => name}
              text={({ name, url }) => `${name} ${url}`}
              initialSort={{ column: 0, direction: "asc" }}
              empty={<NoClusters add={add} />}
              toolbar={add}
              actions={({ name, editRefused, removeRefused }) => (
                <EditRemoveMenu
                  name={name}
                  editHref={`/clusters/${name}`}
                  verdict={verdict}
                  editRefused={editRefused}
                  removeRefused={removeRefused}
                  removeDialog={(onClose) => <RemoveDialog name={name} onClose={onClose} />}
                />
              )}
            />
          )}
        </AsyncView>
      </PageSection>
    </>
  );
}

function NoClusters({ add }: { readonly add: ReactNode }) {
  return (
    <EmptyState headingLevel="h2" titleText="No clusters yet" icon={ClusterIcon}>
      <EmptyStateBody>
        Add the clusters you want to move applications from and to. You need the API server&apos;s
        URL and a service account token.
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>{add}</EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
