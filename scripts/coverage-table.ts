import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const COVERAGE = "docs/coverage.md";

/** The checklists and how many rows each has. */
const SERIES: Readonly<Record<string, number>> = {
  SD: 313,
  TR: 79,
  SH: 11,
  AU: 10,
  DB: 14,
  CL: 20,
  ST: 17,
  PL: 18,
  WZ: 44,
  MG: 15,
  HK: 7,
  LG: 6,
  AN: 4,
  CV: 7,
  PO: 4,
  QA: 6,
  GP: 16,
};

/** Where the coverage table claims a test that is not there, says nothing, or leaves a row out. */
export function coverageProblems(root: string, series = SERIES): string[] {
  const path = join(root, COVERAGE);
  if (!existsSync(path)) return [];
  const rows = tableRows(readFileSync(path, "utf8"));
  const named = new Set(rows.flatMap(({ ids }) => ids));
  return [
    ...rows.flatMap((row) => rowProblems(root, row)),
    ...Object.entries(series).flatMap(([name, count]) => gaps(named, name, count)),
  ];
}

type Row = { readonly line: number; readonly ids: readonly string[]; readonly text: string };

function tableRows(text: string): Row[] {
  return text.split("\n").flatMap((line, index) => {
    const first = /^\|([^|]*)\|/.exec(line)?.[1] ?? "";
    const ids = idsIn(first);
    return ids.length === 0 ? [] : [{ line: index + 1, ids, text: line }];
  });
}

/** `SD-001, SD-004–SD-006` as five single names. */
function idsIn(cell: string): string[] {
  const ranges = cell.matchAll(/\b([A-Z]{2})-(\d+)(?:\s*(?:–|-|…|\.\.|to)\s*(?:\1-)?(\d+))?/g);
  return [...ranges].flatMap(([, series = "", from = "", to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, offset) =>
      idOf(series, Number(from) + offset),
    ),
  );
}

function idOf(series: string, number: number): string {
  return `${series}-${number}`;
}

function rowProblems(root: string, { line, text }: Row): string[] {
  const at = `${COVERAGE}:${line}`;
  const tests = [...text.matchAll(/`([^`]+\.(?:test|spec)\.tsx?)`/g)].map(([, path = ""]) => path);
  const lost = tests.filter((path) => !existsSync(join(root, path)));
  if (tests.length === 0 && !/\bopen\b/i.test(text))
    return [`${at} names no test and does not say open.`];
  return lost.map((path) => `${at} names the test ${path}, which does not exist.`);
}

function gaps(named: ReadonlySet<string>, series: string, count: number): string[] {
  const missing = Array.from({ length: count }, (_, index) => idOf(series, index + 1)).filter(
    (id) => !named.has(id),
  );
  if (missing.length === 0) return [];
  const some = missing.slice(0, 5).join(", ");
  return [
    `${COVERAGE} has no row for ${missing.length} of ${series} (${some}${missing.length > 5 ? ", …" : ""}).`,
  ];
}
