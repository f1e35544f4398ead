import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nextRecord, verifyLedger, verifyLedgerFile } from "./ledger-log.ts";

function ledgerOf(records: number): string {
  let end = { records: 0, lastCheck: "" };
  let text = "";
  for (let index = 0; index < records; index += 1) {
    const record = nextRecord(end, `2026-01-01T00:00:0${index}.000Z`);
    text += `${record.line}\n`;
    end = record.end;
  }
  return text;
}

test("a ledger written record by record holds together", () => {
  expect(verifyLedger(ledgerOf(5))).toMatchObject({ records: 5 });
  expect(verifyLedger(ledgerOf(5)).broken).toBeUndefined();
});

test("the first check is the hash over number and timestamp with nothing before it", () => {
  expect(ledgerOf(1)).toBe("1 2026-01-01T00:00:00.000Z eae2239d41deab13\n");
});

test.each([
  ["a lost record", (lines: string[]) => lines.toSpliced(2, 1), "line 3 carries the number 4"],
  [
    "a changed time",
    (lines: string[]) => lines.with(1, (lines[1] ?? "").replace("00:01", "00:09")),
    "record 2",
  ],
  [
    "swapped records",
    (lines: string[]) => lines.with(1, lines[2] ?? "").with(2, lines[1] ?? ""),
    "line 2 carries",
  ],
  [
    "a line that is no record",
    (lines: string[]) => lines.with(3, "hello"),
    "line 4 is not a record",
  ],
])("%s breaks the ledger", (_what, damage, message) => {
  const lines = ledgerOf(5).trimEnd().split("\n");
  expect(verifyLedger(`${damage(lines).join("\n")}\n`).broken).toContain(message);
});

test("a torn last record breaks the ledger, in text and in a file", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "ledger-")), "ledger.log");
  writeFileSync(path, ledgerOf(3).slice(0, -1));
  expect(verifyLedger(ledgerOf(3).slice(0, -1)).broken).toContain("no line end");
  expect((await verifyLedgerFile(path)).broken).toContain("no line end");
});

test("a file that is not there is an empty ledger", async () => {
  expect(await verifyLedgerFile("/nonexistent/ledger.log")).toEqual({ records: 0, lastCheck: "" });
});
