import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { verifyLedger } from "@drover/lab";
import { volumeDirectory } from "./volumes.ts";
import type { ClusterName } from "./clusters.ts";

export type LedgerPlace = { readonly cluster: ClusterName; readonly namespace: string };

/** The claim of the ledger's StatefulSet. */
const CLAIM = "ledger-data-ledger-0";

/** The ledger's text as it is on disk now. */
export async function ledgerText({ cluster, namespace }: LedgerPlace): Promise<string> {
  return readFile(join(await volumeDirectory(cluster, namespace, CLAIM), "ledger.log"), "utf8");
}

/** How many records the ledger holds; fails when one is missing, out of order or broken. */
export async function ledgerRecords(place: LedgerPlace): Promise<number> {
  const verdict = verifyLedger(await ledgerText(place));
  expect(verdict.broken).toBeUndefined();
  return verdict.records;
}

/** Waits until the ledger has grown past a number of records, which shows that it is being written. */
export async function expectLedgerBeyond(place: LedgerPlace, records: number): Promise<void> {
  await expect.poll(() => ledgerRecords(place), { timeout: 60_000 }).toBeGreaterThan(records);
}
