import { expect, test } from "vitest";
import { rowsOfPage, sortedRows } from "./table-rows.ts";

test("names with numbers sort as people count", () => {
  const rows = sortedRows(["data-10", "data-9", "data-1"], (row) => row, "asc");
  expect(rows).toEqual(["data-1", "data-9", "data-10"]);
});

test("descending turns numbers around", () => {
  expect(sortedRows([2, 30, 4], (row) => row, "desc")).toEqual([30, 4, 2]);
});

test("a page past the end shows the last one", () => {
  expect(rowsOfPage([1, 2, 3, 4, 5], 9, 2)).toEqual([5]);
});

test("no rows are one empty page", () => {
  expect(rowsOfPage([], 1, 20)).toEqual([]);
});
