"use client";

import {
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  Progress,
  ProgressMeasureLocation,
} from "@patternfly/react-core";
import { MigrationIcon } from "@patternfly/react-icons";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { resourceQuery } from "../../shared/api/resources.ts";
import { usePermission } from "../../shared/api/session.ts";
import { formatBytes } from "../../shared/format/bytes.ts";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { DataTable, type Column } from "../../shared/ui/data-table.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { PermittedButton } from "../../shared/ui/permitted-button.tsx";
import { SkeletonTable } from "../../shared/ui/skeleton-table.tsx";
import { PlanActions } from "./plan-actions.tsx";
import { PlanStatusLabel } from "./plan-status-label.tsx";
import { planView, type PlanView } from "./plan-view.ts";

const columns: readonly Column<PlanView>[] = [
  {
    title: "Name",
    width: 20,
    sort: ({ name }) => name,
    cell: ({ name }) => <Link href={`/plans/${name}`}>{name}</Link>,
  },
  {
    title: "Source → target",
    sort: ({ source, target }) => `${source} ${target}`,
    cell: ({ source, target }) => `${source} → ${target}`,
  },
  {
    title: "Namespaces",
    sort: ({ namespaces }) => namespaces.length,
    cell: ({ namespaces }) => namespaces.length,
  },
  {
    title: "Volumes",
    sort: ({ volumeBytes }) => volumeBytes,
    cell: ({ volumeCount, volumeBytes }) =>
      volumeCount === 0 ? "None" : `${String(volumeCount)}, ${formatBytes(volumeBytes)}`,
  },
  {
    title: "Last state",
    sort: ({ status }) => status.text,
    cell: (view) => <PlanStatusLabel view={view} />,
  },
  {
    title: "Progress",
    width: 15,
    cell: ({ running, name }) =>
      running === undefined ? (
        "–"
      ) : (
        <Progress
          aria-label={`Progress of ${name}`}
          size="sm"
          value={running.percent}
          measureLocation={ProgressMeasureLocation.outside}
        />
      ),
  },
  { title: "Runs", sort: ({ runs }) => runs.length, cell: ({ runs }) => runs.length },
];

function NoPlans({ create }: { readonly create: ReactNode }) {
  return (
    <EmptyState headingLevel="h2" titleText="No migration plans yet" icon={MigrationIcon}>
      <EmptyStateBody>
        A plan says which namespaces move from which cluster to which, and what happens to their
        volumes. It can be staged as often as you like before the cutover.
      </EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>{create}</EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

/** Every migration plan and how it stands. */
export function PlansScreen() {
  const router = useRouter();
  const verdict = usePermission("plans.write");
  const plans = useQuery(resourceQuery("migplans"));
  const migrations = useQuery(resourceQuery("migmigrations"));
  const create = (
    <PermittedButton verdict={verdict} onClick={() => router.push("/plans/new")}>
      Create plan
    </PermittedButton>
  );
  return (
    <>
      <PageHeader
        title="Migration plans"
        description="What moves, from where to where, and how far it is."
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <AsyncView
          query={plans}
          title="Migration plans"
          loading={
            <SkeletonTable label="Migration plans" columns={columns.map(({ title }) => title)} />
          }
        >
          {(list) => (
            <DataTable
              label="Migration plans"
              rows={list.map((plan) => planView(plan, migrations.data ?? []))}
              columns={columns}
              rowKey={({ name }) => name}
              text={({ name, source, target, storage, namespaces }) =>
                [name, source, target, storage, ...namespaces.map((each) => each.source)].join(" ")
              }
              initialSort={{ column: 0, direction: "asc" }}
              empty={<NoPlans create={create} />}
              toolbar={create}
              actions={(view) => <PlanActions view={view} />}
            />
          )}
        </AsyncView>
      </PageSection>
    </>
  );
}
