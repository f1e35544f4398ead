import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { apiserverBench } from "./apiserver/apiserver-bench.ts";
import { copyBench } from "./copy/copy-bench.ts";
import { firstVisitBench } from "./first-visit.ts";
import { cutoverBench } from "./lab/cutover-bench.ts";
import { discoveryBench } from "./lab/discovery-bench.ts";
import type { Bench, Measurement, Sizes } from "./measurement.ts";
import { HELP, readOptions } from "./options.ts";
import { storeBench } from "./store/store-bench.ts";
import { tableOf } from "./table.ts";

const benches: readonly Bench[] = [
  firstVisitBench,
  storeBench,
  apiserverBench,
  copyBench,
  cutoverBench,
  discoveryBench,
];

async function main(): Promise<void> {
  const { sizes, wanted, isHelp } = readOptions(process.argv.slice(2));
  if (isHelp) {
    console.log(HELP);
    return;
  }
  const unknown = wanted.find((name) => !benches.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new Error(`No bench is named "${unknown}".\n${HELP}`);
  const chosen = benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const before = loadavg();
  const rows: Measurement[] = [];
  for (const bench of chosen) rows.push(...(await runBench(bench, sizes)));
  console.log(tableOf(rows));
  const load = [before[0], loadavg()[0]].map((value) => (value ?? 0).toFixed(1));
  console.log(
    `\nMedians of ${sizes.rounds} where two sides are compared. Load ${load[0]} before, ${load[1]} after: above the number of cores, figures are rough.`,
  );
}

/** A bench that fails is a line of the table: the others are still worth having. */
async function runBench(bench: Bench, sizes: Sizes): Promise<readonly Measurement[]> {
  const directory = await mkdtemp(join(tmpdir(), `drover-bench-${bench.name}-`));
  const startedAt = performance.now();
  try {
    return await bench.run(sizes, directory);
  } catch (error) {
    process.exitCode = 1;
    const why = error instanceof Error ? error.message : String(error);
    console.error(`${bench.name}: ${why}`);
    return [{ what: bench.name, value: "failed", target: "", anchor: "" }];
  } finally {
    await rm(directory, { recursive: true, force: true });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    console.error(`${bench.name}: ${seconds} s`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
