import { numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { ageColumn, ageOf, nameColumn } from "./column.ts";
import type { Cell, Column } from "./column.ts";
import { readJsonPath } from "./json-path.ts";

const TYPES = ["string", "integer", "number", "boolean", "date"] as const;

/** The columns of a custom resource: its name, and what its definition prints; its age when it prints nothing. */
export function customColumns(resource: ResourceInfo): readonly Column[] {
  const printed = resource.custom?.printerColumns ?? [];
  if (printed.length === 0) return [nameColumn, ageColumn];
  return [nameColumn, ...printed.map(printedColumn)];
}

function printedColumn(given: Fields): Column {
  const path = textOf(given["jsonPath"]) ?? "";
  const type = TYPES.find((known) => known === given["type"]) ?? "string";
  const format = textOf(given["format"]);
  return {
    name: textOf(given["name"]) ?? "",
    type,
    ...(format === undefined ? {} : { format }),
    priority: numberOf(given["priority"]) ?? 0,
    cell: (object, now) => cellOf(readJsonPath(object, path), type, now),
  };
}

function cellOf(values: readonly unknown[], type: Column["type"], now: Date): Cell {
  const [first] = values;
  if (first === undefined || first === null) return null;
  if (type === "date") return ageOf(first, now);
  if (type === "integer" || type === "number") return typeof first === "number" ? first : null;
  if (type === "boolean") return typeof first === "boolean" ? first : null;
  return values.map(textFrom).join(",");
}

function textFrom(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
