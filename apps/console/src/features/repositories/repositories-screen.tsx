"use client";

import {
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  Truncate,
} from "@patternfly/react-core";
import { DatabaseIcon } from "@patternfly/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { resourceQuery } from "../../shared/api/resources.ts";
import { usePermission } from "../../shared/api/session.ts";
import { useNotifications } from "../../shared/notifications.tsx";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { DataTable, type Column } from "../../shared/ui/data-table.tsx";
import { DeleteDialog } from "../../shared/ui/delete-dialog.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";
import { ReadinessLabel } from "../../shared/ui/readiness-label.tsx";
import { EditRemoveMenu } from "../../shared/ui/edit-remove-menu.tsx";
import { SkeletonTable } from "../../shared/ui/skeleton-table.tsx";
import { useRemoveRepository } from "./repository-queries.ts";
import { repositoryView, type RepositoryView } from "./repository-view.ts";

const columns: readonly Column<RepositoryView>[] = [
  { title: "Name", width: 25, sort: ({ name }) => name, cell: ({ name }) => name },
  {
    title: "Location",
    sort: ({ location }) => location,
    cell: ({ location }) => <Truncate content={location} position="middle" />,
  },
  { title: "Bucket", sort: ({ bucket }) => bucket, cell: ({ bucket }) => bucket },
  { title: "Plans", sort: ({ planCount }) => planCount, cell: ({ planCount }) => planCount },
  {
    title: "Status",
    sort: ({ readiness }) => readiness.state,
    cell: ({ readiness }) => <ReadinessLabel readiness={readiness} />,
  },
];

function RemoveDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { notify } = useNotifications();
  const remove = useRemoveRepository(name);
  return (
    <DeleteDialog
      title={`Remove repository ${name}?`}
      action="Remove"
      mutation={remove}
      onRemoved={() => {
        notify("success", `Replication repository ${name} removed`);
      }}
      onClose={onClose}
    >
      Drover forgets this repository and its keys. What is stored in the bucket stays there.
    </DeleteDialog>
  );
}

function NoRepositories({ add }: { readonly add: ReactNode }) {
  return (
    <EmptyState headingLevel="h2" titleText="No replication repositories yet" icon={DatabaseIcon}>
      <EmptyStateBody>
        A replication repository is an object store that both clusters reach. Drover keeps the
        objects of an application there on their way to the target cluster.
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>{add}</EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** The object stores that migrations pass through. */
export function RepositoriesScreen() {
  const router = useRouter();
  const verdict = usePermission("storages.write");
  const storages = useQuery(resourceQuery("migstorages"));
  const plans = useQuery(resourceQuery("migplans"));
  const add = (
    <PermittedButton verdict={verdict} onClick={() => router.push("/repositories/new")}>
      Add replication repository
    </PermittedButton>
  );
  return (
    <>
      <PageHeader
        title="Replication repositories"
        description="Object stores that source and target clusters both reach."
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <AsyncView
          query={storages}
          title="Replication repositories"
          loading={
            <SkeletonTable
              label="Replication repositories"
              columns={columns.map(({ title }) => title)}
            />
          }
        >
          {(list) => (
            <DataTable
              label="Replication repositories"
              rows={list.map((storage) => repositoryView(storage, plans.data ?? []))}
              columns={columns}
              rowKey={({ name }) => name}
              text={({ name, location, bucket }) => `${name} ${location} ${bucket}`}
              initialSort={{ column: 0, direction: "asc" }}
              empty={<NoRepositories add={add} />}
              toolbar={add}
              actions={({ name, removeRefused }) => (
                <EditRemoveMenu
                  name={name}
                  editHref={`/repositories/${name}`}
                  verdict={verdict}

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
