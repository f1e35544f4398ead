export type SortBy = { readonly column: number; readonly direction: "asc" | "desc" };

const collator = new Intl.Collator(undefined, { numeric: true });

const compare = (a: string | number, b: string | number): number =>
  typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));

/** The rows in order of what `by` gives; as they are without it. */
export function sortedRows<T>(
  rows: readonly T[],
  by: ((row: T) => string | number) | undefined,
  direction: SortBy["direction"],
): readonly T[] {
  if (by === undefined) return rows;
  const sign = direction === "asc" ? 1 : -1;
  return rows.toSorted((a, b) => sign * compare(by(a), by(b)));
}

/** The rows of one page, counted from 1; the last page when the asked one is past the end. */
export function rowsOfPage<T>(rows: readonly T[], page: number, perPage: number): readonly T[] {
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const from = (Math.min(Math.max(page, 1), last) - 1) * perPage;
  return rows.slice(from, from + perPage);
}
