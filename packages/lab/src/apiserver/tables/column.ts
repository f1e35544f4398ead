import type { ApiObject } from "../json.ts";

export type Cell = string | number | boolean | null;

/** One column of a table: what it is called and what stands in it. */
export type Column = {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  /** 0 for columns always shown; above for those of `-o wide`. */
  readonly priority: number;
  readonly cell: (object: ApiObject, now: Date) => Cell;
};

export function column(name: string, cell: Column["cell"], priority = 0): Column {
  return { name, type: "string", priority, cell };
}

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  priority: 0,
  cell: (object) => object.metadata.name,
};

export const ageColumn: Column = column("Age", (object, now) =>
  ageOf(object.metadata.creationTimestamp, now),
);

/** `5m`, `3h20m`, `12d`: the time since, in the two largest units that matter. */
export function ageOf(since: unknown, now: Date): string {
  const start = typeof since === "string" ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(start)) return "<unknown>";
  return durationText(Math.floor((now.getTime() - start) / 1000));
}

export function durationText(seconds: number): string {
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(seconds / 3600);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, "m", { rest: seconds % 60, unit: "s" });
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return pair(hours, "h", { rest: minutes % 60, unit: "m" });
  return hours < 48 ? `${hours}h` : daysText(hours);
}

function daysText(hours: number): string {
  const days = Math.floor(hours / 24);
  if (hours < 192) return pair(days, "d", { rest: hours % 24, unit: "h" });
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 2920 ? pair(years, "y", { rest: days % 365, unit: "d" }) : `${years}y`;
}

function pair(value: number, unit: string, small: { rest: number; unit: string }): string {
  return small.rest === 0 ? `${value}${unit}` : `${value}${unit}${small.rest}${small.unit}`;
}
