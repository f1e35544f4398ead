import { createHash } from "node:crypto";

export type AuditRow = {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly address: string;
  readonly requestId: string;
  readonly decision: string;
  readonly outcome: string;
  readonly detail: string | null;
  readonly outcomeOf: number | null;
  readonly payload: unknown;
};

/** What the first row is chained to. */
export const beginning = "0".repeat(64);

/** The database keeps JSON without the order of its keys, so the hash must not depend on it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

export function auditHash(previousHash: string, row: AuditRow): string {
  const fields = [
    previousHash,
    row.at.toISOString(),
    row.actor,
    row.action,
    row.object,
    row.address,
    row.requestId,
    row.decision,
    row.outcome,
    row.detail,
    row.outcomeOf,
    sorted(row.payload),
  ];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}
