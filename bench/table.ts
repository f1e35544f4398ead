import type { Measurement } from "./measurement.ts";

const columns = ["what", "value", "target", "anchor"] as const;

/** The measurements as one Markdown table, its columns aligned. */
export function tableOf(rows: readonly Measurement[]): string {
  const header = { what: "what", value: "value", target: "target", anchor: "anchor" };
  const widths = columns.map((column) =>
    Math.max(3, ...[header, ...rows].map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(" | ")} |`;
  return [
    line(columns),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map((row) => line(columns.map((column) => row[column]))),
  ].join("\n");
}
