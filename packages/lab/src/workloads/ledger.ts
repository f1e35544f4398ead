import { open } from "node:fs/promises";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";
import type { PodContext } from "../node/program.ts";
import { nextRecord, verifyLedgerFile } from "./ledger-log.ts";

const defaultIntervalMs = 200;
const recordsPerLogLine = 100;

/**
 * Appends records to `ledger.log` in `LEDGER_DIR` (`/var/lib/ledger`), one write each. It reads the whole ledger
 * first and refuses to go on from a broken one.
 */
export async function ledger(pod: PodContext): Promise<number> {
  const path = join(pod.path(pod.env["LEDGER_DIR"] ?? "/var/lib/ledger"), "ledger.log");
  const verdict = await verifyLedgerFile(path);
  if (verdict.broken !== undefined) {
    pod.log(
      `refusing to start: ledger.log is broken: ${verdict.broken}. Restore it from a copy that holds together.`,
    );
    return 1;
  }
  pod.log(
    `ledger.log holds together: ${verdict.records} records; going on with ${verdict.records + 1}`,
  );
  const intervalMs = Number(pod.env["LEDGER_INTERVAL_MS"] ?? defaultIntervalMs);
  const file = await open(path, "a", 0o640);
  let end = verdict;
  try {
    for await (const _ of ticks(intervalMs, pod.signal)) {
      const record = nextRecord(end, new Date().toISOString());
      await file.write(`${record.line}\n`);
      end = record.end;
      if (end.records % recordsPerLogLine === 0) pod.log(`${end.records} records`);
    }
  } finally {
    await file.datasync();
    await file.close();
  }
  pod.log(`stopped after record ${end.records}`);
  return 0;
}

async function* ticks(intervalMs: number, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* setInterval(intervalMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
