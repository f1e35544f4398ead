import { selectorText } from "../kinds/selector-text.ts";
import { at, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { ageOf, column, durationText } from "./column.ts";
import type { Column } from "./column.ts";

/** A column that shows a field as text; `<none>` where it is empty. */
export function fieldColumn(name: string, path: string, priority = 0): Column {
  const steps = path.split(".");
  return column(
    name,
    (object) => {
      const value = at(object, ...steps);
      return value === undefined || value === null || value === "" ? "<none>" : String(value);
    },
    priority,
  );
}

/** A column of a number; 0 where there is none. */
export function countColumn(name: string, path: string): Column {
  const steps = path.split(".");
  return {
    ...column(name, (object) => numberOf(at(object, ...steps)) ?? 0),
    type: "integer",
  };
}

/** `ready/wanted` of a workload. */
export function readyColumn(ready: string, wanted: string): Column {
  return column("Ready", (object) => {
    const number = (path: string): number => numberOf(at(object, ...path.split("."))) ?? 0;
    return `${number(ready)}/${number(wanted)}`;
  });
}

/** The wide columns of workloads: containers, images, selector. */
export function templateColumns(template: string): Column[] {
  const steps = template.split(".");
  const each = (field: string) => (object: ApiObject) =>
    listOf(at(object, ...steps, "spec", "containers"))
      .map((container) => textOf(fieldsOf(container)[field]) ?? "")
      .join(",");
  return [column("Containers", each("name"), 1), column("Images", each("image"), 1)];
}

export const selectorColumn: Column = column(
  "Selector",
  (object) => selectorText(at(object, "spec", "selector")) || "<none>",
  1,
);

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

export function accessModes(value: unknown): string {
  return listOf(value)
    .map((mode) => MODES[String(mode)] ?? String(mode))
    .join(",");
}

export function servicePorts(object: ApiObject): string {
  const ports = listOf(at(object, "spec", "ports")).map(fieldsOf);
  if (ports.length === 0) return "<none>";
  return ports
    .map(({ port, nodePort, protocol }) =>
      nodePort === undefined
        ? `${String(port)}/${String(protocol)}`
        : `${String(port)}:${String(nodePort)}/${String(protocol)}`,
    )
    .join(",");
}

export function endpointAddresses(object: ApiObject): string {
  const all = listOf(object["subsets"])
    .map(fieldsOf)
    .flatMap((subset) =>
      listOf(subset["addresses"]).flatMap((address) =>
        listOf(subset["ports"]).map(
          (port) => `${String(fieldsOf(address)["ip"])}:${String(fieldsOf(port)["port"])}`,
        ),
      ),
    );
  if (all.length === 0) return "<none>";
  return all.length > 3
    ? `${all.slice(0, 3).join(",")} + ${all.length - 3} more...`
    : all.join(",");
}

export function jobStatus(object: ApiObject): string {
  const conditions = listOf(at(object, "status", "conditions")).map(fieldsOf);
  const isTrue = (type: string): boolean =>
    conditions.some((condition) => condition["type"] === type && condition["status"] === "True");
  if (isTrue("Complete")) return "Complete";
  if (isTrue("Failed")) return "Failed";
  if (object.metadata.deletionTimestamp !== undefined) return "Terminating";
  return isTrue("Suspended") ? "Suspended" : "Running";
}

export function jobDuration(object: ApiObject, now: Date): string {
  const start = textOf(at(object, "status", "startTime"));
  if (start === undefined) return "";
  const end = textOf(at(object, "status", "completionTime"));
  if (end === undefined) return ageOf(start, now);
  return durationText(Math.floor((Date.parse(end) - Date.parse(start)) / 1000));
}

export function nodeStatus(object: ApiObject): string {
  const ready = listOf(at(object, "status", "conditions"))
    .map(fieldsOf)
    .find((condition) => condition["type"] === "Ready");
  const state = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady";
  return at(object, "spec", "unschedulable") === true ? `${state},SchedulingDisabled` : state;
}

export function nodeRoles(object: ApiObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(object.metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length));
  return roles.sort().join(",") || "<none>";
}
