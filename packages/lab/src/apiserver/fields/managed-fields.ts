import { isFields, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { fieldSetFrom, toFieldsV1 } from "./field-set.ts";
import type { FieldSet } from "./field-set.ts";

/** Which fields one manager owns through one kind of operation. */
export type Manager = {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
};

export type ManagerId = Pick<Manager, "manager" | "operation" | "apiVersion" | "subresource">;

export function isSameManager(left: ManagerId, right: ManagerId): boolean {
  return (
    left.manager === right.manager &&
    left.operation === right.operation &&
    left.apiVersion === right.apiVersion &&
    left.subresource === right.subresource
  );
}

export function managersFrom(managedFields: readonly unknown[] | undefined): Manager[] {
  return (managedFields ?? [])
    .filter(isFields)
    .filter((entry) => entry["fieldsV1"] !== undefined)
    .map((entry) => ({
      manager: textOf(entry["manager"]) ?? "",
      operation: entry["operation"] === "Apply" ? "Apply" : "Update",
      apiVersion: textOf(entry["apiVersion"]) ?? "",
      subresource: textOf(entry["subresource"]) ?? "",
      time: textOf(entry["time"]),
      fields: fieldSetFrom(entry["fieldsV1"]),
    }));
}

/** Entries as stored: those that own something, applies first, then by age. */
export function toManagedFields(managers: readonly Manager[]): Fields[] {
  return managers
    .filter((manager) => manager.fields.size > 0)
    .sort(compareManagers)
    .map((manager) => ({
      manager: manager.manager,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(manager.fields),
      ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
    }));
}

function compareManagers(left: Manager, right: Manager): number {
  const key = (manager: Manager): string =>
    `${manager.operation}/${manager.time ?? ""}/${manager.manager}/${manager.apiVersion}/${manager.subresource}`;
  return key(left) < key(right) ? -1 : 1;
}

/** How a conflict names the manager it is with. */
export function describeManager(manager: Manager): string {
  const name =
    manager.subresource === ""
      ? JSON.stringify(manager.manager)
      : `${JSON.stringify(manager.manager)} with subresource "${manager.subresource}"`;
  if (manager.operation === "Apply") return name;
  const time = manager.time === undefined ? "" : ` at ${manager.time}`;
  return `${name} using ${manager.apiVersion}${time}`;
}
