import type { ApiObject, Fields } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { BUILTIN_COLUMNS } from "./builtin-columns.ts";
import { ageColumn, nameColumn } from "./column.ts";
import type { Column } from "./column.ts";
import { customColumns } from "./custom-columns.ts";

export type TableRequest = {
  readonly apiVersion: "meta.k8s.io/v1" | "meta.k8s.io/v1beta1";
  /** Which objects go with the rows. */
  readonly include: "None" | "Metadata" | "Object";
};

/** Whether the client prefers a table, and which; undefined when it wants the objects. */
export function tableRequestFrom(accept: string, include: string | null): TableRequest | undefined {
  for (const part of accept.split(",")) {
    if (!part.trim().startsWith("application/json")) continue;
    if (!/;\s*as=Table\b/.test(part)) return undefined;
    const apiVersion = part.includes("v=v1beta1") ? "meta.k8s.io/v1beta1" : "meta.k8s.io/v1";
    const wanted = include === "None" || include === "Object" ? include : "Metadata";
    return { apiVersion, include: wanted };
  }
  return undefined;
}

function columnsOf(resource: ResourceInfo): readonly Column[] {
  if (resource.custom !== undefined) return customColumns(resource);
  return BUILTIN_COLUMNS[resource.storage] ?? [nameColumn, ageColumn];
}

/** Objects as the rows of a table. `definitions` is left out of all but the first table of a watch. */
export function tableOf(
  resource: ResourceInfo,
  objects: readonly ApiObject[],
  given: {
    readonly request: TableRequest;
    readonly metadata: Fields;
    readonly now: Date;
    readonly bare?: boolean;
  },
): Fields {
  const columns = columnsOf(resource);
  const { request, metadata, now } = given;
  return {
    kind: "Table",
    apiVersion: request.apiVersion,
    metadata,
    columnDefinitions: given.bare === true ? null : columns.map(definitionOf),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, now)),
      ...rowObject(object, request),
    })),
  };
}

function definitionOf({ name, type, format, priority }: Column): Fields {
  return { name, type, format: format ?? "", description: "", priority };
}

function rowObject(object: ApiObject, request: TableRequest): Fields {
  if (request.include === "None") return {};
  if (request.include === "Object") return { object };
  const partial = {
    kind: "PartialObjectMetadata",
    apiVersion: request.apiVersion,
    metadata: object.metadata,
  };
  return { object: partial };
}
