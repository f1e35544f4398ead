/** One line of a step's progress, read: what it is about, how far it came, and how it stands. */
export type ProgressLine = {
  /** Such as `Backup ns/name`. */
  readonly resource: string;
  readonly message: string;
  /** A Go duration such as 1m20s. */
  readonly duration: string | undefined;
  readonly percent: number | undefined;
  readonly state: "running" | "failed" | "completed";
};

const unitFactor: Readonly<Record<string, number>> = {
  "": 1,
  bytes: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  PB: 1e15,
  EB: 1e18,
};
const ratio =
  /(\d+(?:\.\d+)?)\s*(bytes|[kMGTPE]B)?\s+out of\s+(?:estimated total of\s+)?(\d+(?:\.\d+)?)\s*(bytes|[kMGTPE]B)?/;

/** Reads a progress line; undefined for one that names no resource, such as a line of totals. */
export function parseProgressLine(line: string): ProgressLine | undefined {
  const colon = line.indexOf(": ");
  const resource = line.slice(0, Math.max(colon, 0)).trim();
  const rest = line.slice(colon + 2).trim();
  if (colon === -1 || resource === "" || rest === "") return undefined;
  const duration = /\(((?:\d+(?:\.\d+)?(?:ms|h|m|s))+)\)$/.exec(rest)?.[1];
  const message = (duration === undefined ? rest : rest.slice(0, rest.lastIndexOf("("))).trim();
  return {
    resource,
    message: message.replace(/\s*\d+(?:\.\d+)?%/, "").trim(),
    duration,
    percent: percentOf(message),
    state: stateOf(message),
  };
}

function percentOf(message: string): number | undefined {
  const percent = /(\d+(?:\.\d+)?)%/.exec(message)?.[1];
  if (percent !== undefined) return Math.min(100, Number(percent));
  const match = ratio.exec(message);
  if (!match) return undefined;
  const done = Number(match[1]) * (unitFactor[match[2] ?? ""] ?? 1);
  const total = Number(match[3]) * (unitFactor[match[4] ?? ""] ?? 1);
  return total === 0 ? undefined : Math.min(100, Math.round((done / total) * 100));
}

function stateOf(message: string): ProgressLine["state"] {
  if (/fail/i.test(message)) return "failed";
  return /complete|success|succeed/i.test(message) ? "completed" : "running";
}
