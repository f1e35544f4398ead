"use client";

import {
  Pagination,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from "@patternfly/react-core";
import { Table, Tbody, Td, Th, Thead, Tr } from "@patternfly/react-table";
import type { ReactNode } from "react";
import { NothingMatches } from "./nothing-matches.tsx";
import { rowsOfPage, sortedRows, type SortBy } from "./table-rows.ts";
import { useTableState, type TableState } from "./table-state.ts";

export type Column<T> = {
  readonly title: string;
  readonly cell: (row: T) => ReactNode;
  /** What the column sorts by; without it the column does not sort. */
  readonly sort?: (row: T) => string | number;
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
  readonly toolbar: ReactNode;
  readonly actions: (row: T) => ReactNode;
};

/** A list page's table: searched, sorted and paged, with all of that in the page's address. */
export function DataTable<T>(props: Props<T>) {
  const { label, rows, columns, rowKey, text, initialSort, empty, toolbar, actions } = props;
  const state = useTableState(initialSort);
  if (rows.length === 0) return <>{empty}</>;

  const { search, sortBy, page, perPage, find } = state;
  const matching = rows.filter((row) => text(row).toLowerCase().includes(search.toLowerCase()));
  const sorted = sortedRows(matching, columns[sortBy.column]?.sort, sortBy.direction);
  const shown = rowsOfPage(sorted, page, perPage);
  return (
    <div>
      <TableToolbar label={label} state={state} itemCount={sorted.length} extra={toolbar} />
      <Table aria-label={label} variant="compact">
        <Thead>
          <Tr>
            {columns.map((column, index) => (
              <HeaderCell key={column.title} column={column} index={index} state={state} />
            ))}
            <Th screenReaderText="Actions" />
          </Tr>
        </Thead>
        <Tbody>
          {shown.map((row) => (
            <Tr key={rowKey(row)}>
              {columns.map(({ title, cell }) => (
                <Td key={title} dataLabel={title}>
                  {cell(row)}
                </Td>
              ))}
              <Td isActionCell>{actions(row)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {shown.length === 0 && (
        <NothingMatches
          onClear={() => {
            find("");
          }}
        />
      )}
    </div>
  );
}

type HeaderProps<T> = {
  readonly column: Column<T>;
  readonly index: number;
  readonly state: TableState;
};

function HeaderCell<T>({ column, index, state }: HeaderProps<T>) {
  const { title, sort, width } = column;
  const { sortBy } = state;
  return (
    <Th
      modifier="nowrap"
      {...(width !== undefined && { width })}
      {...(sort !== undefined && {
        sort: {
          columnIndex: index,
          sortBy: { index: sortBy.column, direction: sortBy.direction },
          onSort: (_event, chosen, direction) => {
            state.sort({ column: chosen, direction });
          },
        },
      })}
    >
      {title}
    </Th>
  );
}

type ToolbarProps = {
  readonly label: string;
  readonly state: TableState;
  readonly itemCount: number;
  readonly extra: ReactNode;
};

function TableToolbar({ label, state, itemCount, extra }: ToolbarProps) {
  const { search, page, perPage, find, goTo, show } = state;
  return (
    <Toolbar>
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label={`Search ${label.toLowerCase()}`}
            placeholder="Search"
            value={search}
            onChange={(_event, value) => {
              find(value);
            }}
            onClear={() => {
              find("");
            }}
          />
        </ToolbarItem>
        <ToolbarGroup>{extra}</ToolbarGroup>
        <ToolbarItem variant="pagination" align={{ default: "alignEnd" }}>
          <Pagination
            isCompact
            itemCount={itemCount}
            page={page}
            perPage={perPage}
            onSetPage={(_event, next) => {
              goTo(next);
            }}
            onPerPageSelect={(_event, next) => {
              show(next);
            }}
          />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}
