"use client";

import {
  EmptyState,
  EmptyStateBody,
  Label,
  PageSection,
  Pagination,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
  Truncate,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { AuditEntry, AuditPage } from "@drover/contract";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../../shared/api/client.ts";
import { useUrlState } from "../../shared/url-state.ts";
import { Age } from "../../shared/ui/age.tsx";
import { AsyncView } from "../../shared/ui/async-view.tsx";
import { PageHeader } from "../../shared/ui/page-header.tsx";
import { SkeletonTable } from "../../shared/ui/skeleton-table.tsx";

const auditQuery = (page: number, perPage: number) =>
  queryOptions({
    queryKey: ["audit", page, perPage],
    queryFn: () => api.get<AuditPage>(`/audit?page=${String(page)}&perPage=${String(perPage)}`),
    placeholderData: keepPreviousData,
  });

const columns = ["When", "Who", "What", "On", "Outcome", "From"];

const outcome = ({ decision, outcome: ended }: AuditEntry) => {
  if (decision === "denied") return { text: "Denied", status: "warning" } as const;
  if (ended === "failed") return { text: "Failed", status: "danger" } as const;
  return ended === "pending"
    ? ({ text: "Not finished", status: "info" } as const)
    : ({ text: "Done", status: "success" } as const);
};

/** Who did what through this console, newest first. */
export function AuditScreen() {
  const url = useUrlState();
  const page = Number(url.get("page") ?? 1);
  const perPage = Number(url.get("perPage") ?? 50);
  const audit = useQuery(auditQuery(page, perPage));
  return (
    <>
      <PageHeader
        title="Audit"
        description="Everything that was done, or refused, through this console. Nothing here can be changed."
      />
      <PageSection hasBodyWrapper={false} isFilled>
        <AsyncView
          query={audit}
          title="Audit"
          loading={<SkeletonTable label="Audit" columns={columns} />}
        >
          {({ items, total }) =>
            total === 0 ? (
              <EmptyState headingLevel="h2" titleText="Nothing has been done yet">
                <EmptyStateBody>
                  Each change made through this console is written down here.
                </EmptyStateBody>
              </EmptyState>
            ) : (
              <>
                <Toolbar>
                  <ToolbarContent>
                    <ToolbarItem variant="pagination" align={{ default: "alignEnd" }}>
                      <Pagination
                        isCompact
                        itemCount={total}
                        page={page}
                        perPage={perPage}
                        onSetPage={(_event, next) => {
                          url.set({ page: String(next) });
                        }}
                        onPerPageSelect={(_event, next) => {
                          url.set({ perPage: String(next), page: undefined });
                        }}
                      />
                    </ToolbarItem>
                  </ToolbarContent>
                </Toolbar>
                <Table aria-label="Audit" variant="compact">
                  <Thead>
                    <Tr>
                      {columns.map((column) => (
                        <Th key={column} modifier="nowrap">
                          {column}
                        </Th>
                      ))}
                    </Tr>
                  </Thead>
                  <Tbody>
                    {items.map((entry) => (
                      <AuditRow key={entry.id} entry={entry} />
                    ))}
                  </Tbody>
                </Table>
              </>
            )
          }
        </AsyncView>
      </PageSection>
    </>
  );
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const { text, status } = outcome(entry);
  return (
    <Tr>
      <Td dataLabel="When">
        <Age since={entry.at} />
      </Td>
      <Td dataLabel="Who">{entry.actor}</Td>
      <Td dataLabel="What">{entry.action}</Td>
      <Td dataLabel="On">
        <Truncate content={entry.object} position="middle" />
      </Td>
      <Td dataLabel="Outcome">
        <Label isCompact status={status}>
          {text}
        </Label>{" "}
        {entry.detail}
      </Td>
      <Td dataLabel="From">{entry.address}</Td>
    </Tr>
  );
}
