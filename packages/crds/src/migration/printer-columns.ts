import type { PrinterColumn } from "../define-kind.ts";

/** A column of type string. */
export function column(name: string, jsonPath: string): PrinterColumn {
  return { name, type: "string", jsonPath };
}

export const readyColumn = column("Ready", ".status.conditions[?(@.type=='Ready')].status");

export const ageColumn: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
};
