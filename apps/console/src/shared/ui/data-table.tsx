"use client";

import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  Pagination,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from "@patternfly/react-core";
import { SearchIcon } from "@patternfly/react-icons";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ReactNode } from "react";
import { useUrlState } from "../url-state.ts";
import { rowsOfPage, sortedRows, type SortBy } from "./table-rows.ts";

export type Column<T> = {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column sorts by; without it the column does not sort. */
  readonly sort?: (row: T) => string | number;
  readonly align?: "end";
  readonly width?: 10 | 15 | 20 | 25 | 30 | 40;
};

type Props<T> = {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  /** The text a row is searched in. */
  readonly text: (row: T) => string;
  readonly initialSort: SortBy;
  /** Shown when there is no row at all. */
  readonly empty: ReactNode;
  readonly filters?: ReactNode;
  readonly toolbar?: ReactNode;
  readonly actions?: (row: T) => ReactNode;
};

const PER_PAGE = 20;

/** A list page's table: searched, sorted and paged, with all of that in the page's address. */
export function DataTable<T>(props: Props<T>) {
  const { label, rows, columns, rowKey, text, initialSort, empty, filters, toolbar, actions } =
    props;
  const url = useUrlState();
  if (rows.length === 0 && filters === undefined) return <>{empty}</>;

  const search = url.get("search") ?? "";
  const sortBy: SortBy = {
    column: Number(url.get("sort") ?? initialSort.column),
    direction:
      url.get("order") === undefined
        ? initialSort.direction
        : url.get("order") === "desc"
          ? "desc"
          : "asc",
  };
  const matching = rows.filter((row) => text(row).toLowerCase().includes(search.toLowerCase()));
  const sorted = sortedRows(matching, columns[sortBy.column]?.sort, sortBy.direction);
  const page = Number(url.get("page") ?? 1);
  const perPage = Number(url.get("perPage") ?? PER_PAGE);
  const shown = rowsOfPage(sorted, page, perPage);

  return (
    <div>
      <Toolbar clearAllFilters={() => url.set({ search: undefined, page: undefined })}>
        <ToolbarContent>
          <ToolbarItem>
            <SearchInput
              aria-label={`Search ${label.toLowerCase()}`}
              placeholder="Search"
              value={search}
              onChange={(_event, value) => url.set({ search: value, page: undefined })}
              onClear={() => url.set({ search: undefined, page: undefined })}
            />
          </ToolbarItem>
          {filters}
          {toolbar !== undefined && <ToolbarGroup>{toolbar}</ToolbarGroup>}
          <ToolbarItem variant="pagination" align={{ default: "alignEnd" }}>
            <Pagination
              isCompact
              itemCount={sorted.length}
              page={page}
              perPage={perPage}
              onSetPage={(_event, next) => url.set({ page: String(next) })}
              onPerPageSelect={(_event, next) =>
                url.set({ perPage: String(next), page: undefined })
              }
            />
          </ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      <Table aria-label={label} variant="compact">
        <Thead>
          <Tr>
            {columns.map((column, index) => (
              <Th
                key={column.title}
                modifier="nowrap"
                {...(column.width !== undefined && { width: column.width })}
                {...(column.sort !== undefined && {
                  sort: {
                    columnIndex: index,
                    sortBy: { index: sortBy.column, direction: sortBy.direction },
                    onSort: (_event, next, direction) =>
                      url.set({ sort: String(next), order: direction, page: undefined }),
                  },
                })}
              >
                {column.title}
              </Th>
            ))}
            {actions !== undefined && <Th screenReaderText="Actions" />}
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((row) => (
            <Tr key={rowKey(row)}>
              {columns.map((column) => (
                <Td
                  key={column.title}
                  dataLabel={column.title}
                  {...(column.align === "end" && { style: { textAlign: "end" } })}
                >
                  {column.cell(row)}
                </Td>
              ))}
              {actions !== undefined && <Td isActionCell>{actions(row)}</Td>}
            </Tr>
          ))}
        </Tbody>
      </Table>
      {shown.length === 0 && (
        <NothingMatches onClear={() => url.set({ search: undefined, page: undefined })} />
      )}
    </div>
  );
}

/** The face of a list whose filters leave nothing. */
export function NothingMatches({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState headingLevel="h2" titleText="Nothing matches" icon={SearchIcon}>
      <EmptyStateBody>No entry matches what you searched for.</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="link" onClick={onClear}>
            Clear all filters
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
