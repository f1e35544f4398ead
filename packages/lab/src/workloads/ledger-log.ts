import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** The end of a ledger that holds together: how many records, and the check the next record builds on. */
export type LedgerEnd = { readonly records: number; readonly lastCheck: string };

/** What a look at a whole ledger found. `broken` says which line is wrong and how. */
export type LedgerVerdict = LedgerEnd & { readonly broken?: string };

const emptyLedger: LedgerVerdict = { records: 0, lastCheck: "" };

/** The record that follows `end`, without its line end. */
export function nextRecord(end: LedgerEnd, timestamp: string): { line: string; end: LedgerEnd } {
  const number = end.records + 1;
  const lastCheck = checkOf(number, timestamp, end.lastCheck);
  return { line: `${number} ${timestamp} ${lastCheck}`, end: { records: number, lastCheck } };
}

/** Checks every record of a ledger's text: numbering from 1 without a gap, and the chain of checks. */
export function verifyLedger(text: string): LedgerVerdict {
  if (text === "") return emptyLedger;
  const complete = text.endsWith("\n");
  const lines = (complete ? text.slice(0, -1) : text).split("\n");
  let end = emptyLedger;
  for (const line of lines) {
    end = extend(end, line);
    if (end.broken !== undefined) return end;
  }
  return complete ? end : withTornEnd(end);
}

/** `verifyLedger` for a file, read as a stream. A file that is not there is an empty ledger. */
export async function verifyLedgerFile(path: string): Promise<LedgerVerdict> {
  let end = emptyLedger;
  let lastByte = 10;
  const stream = createReadStream(path);
  stream.on("data", (chunk) => (lastByte = Buffer.from(chunk).at(-1) ?? lastByte));
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      end = extend(end, line);
      if (end.broken !== undefined) return end;
    }
  } catch (error) {
    if (isMissing(error)) return emptyLedger;
    throw error;
  } finally {
    stream.destroy();
  }
  return lastByte === 10 ? end : withTornEnd(end);
}

function checkOf(number: number, timestamp: string, previous: string): string {
  const hash = createHash("sha256").update(`${number} ${timestamp} ${previous}`);
  return hash.digest("hex").slice(0, 16);
}

function extend(end: LedgerVerdict, line: string): LedgerVerdict {
  const expected = end.records + 1;
  const [number, timestamp, check, ...rest] = line.split(" ");
  if (timestamp === undefined || check === undefined || rest.length > 0) {
    return { ...end, broken: `line ${expected} is not a record "N TIMESTAMP CHECK"` };
  }
  if (number !== String(expected)) {
    return { ...end, broken: `line ${expected} carries the number ${number}` };
  }
  if (check !== checkOf(expected, timestamp, end.lastCheck)) {
    return { ...end, broken: `record ${expected} does not follow from the record before it` };
  }
  return { records: expected, lastCheck: check };
}

function withTornEnd(end: LedgerVerdict): LedgerVerdict {
  return { ...end, broken: `the last record, ${end.records}, has no line end` };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
