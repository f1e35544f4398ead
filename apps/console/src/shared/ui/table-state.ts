"use client";

import { useUrlState } from "../url-state.ts";
import type { SortBy } from "./table-rows.ts";

const PER_PAGE = 20;

/** How a list page's table is searched, sorted and paged, kept in the page's address. */
export type TableState = {
  readonly search: string;
  readonly sortBy: SortBy;
  readonly page: number;
  readonly perPage: number;
  readonly find: (text: string) => void;
  readonly sort: (sortBy: SortBy) => void;
  readonly goTo: (page: number) => void;
  readonly show: (perPage: number) => void;
};

const directionFrom = (text: string | undefined, initial: SortBy["direction"]) =>
  text === "asc" || text === "desc" ? text : initial;

export function useTableState(initialSort: SortBy): TableState {
  const url = useUrlState();
  return {
    search: url.get("search") ?? "",
    sortBy: {
      column: Number(url.get("sort") ?? initialSort.column),
      direction: directionFrom(url.get("order"), initialSort.direction),
    },
    page: Number(url.get("page") ?? 1),
    perPage: Number(url.get("perPage") ?? PER_PAGE),
    find: (search) => {
      url.set({ search, page: undefined });
    },
    sort: ({ column, direction }) => {
      url.set({ sort: String(column), order: direction, page: undefined });
    },
    goTo: (page) => {
      url.set({ page: String(page) });
    },
    show: (perPage) => {
      url.set({ perPage: String(perPage), page: undefined });
    },
  };
}
