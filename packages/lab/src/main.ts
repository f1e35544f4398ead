import { pino } from "pino";
import { processConfig } from "./config.ts";
import { startLab } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { seedScale } from "./seed/scale.ts";
import type { ScaleAmounts } from "./seed/scale.ts";

/** Starts the whole lab, says so, and ends it when asked to. */
async function main(): Promise<void> {
  const { logLevel, scale, ...config } = processConfig();
  const log = pino({ level: logLevel, name: "lab" }, pino.destination(2));
  let lab: Lab | undefined;
  let isEnding = false;
  const end = (): void => {
    if (isEnding || lab === undefined) return;
    isEnding = true;
    lab.close().then(
      () => process.exit(0),
      (error: unknown) => fail("The lab did not end cleanly", error),
    );
  };
  let isAskedToEnd = false;
  const scaling = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      isAskedToEnd = true;
      scaling.abort();
      end();
    });
  }
  lab = await startLab({ ...config, hasFixedAddresses: true, seed: true, log });
  if (isAskedToEnd) return end();
  void lab.failure.then((reason) => fail("The lab ends, for a cluster of it is gone", reason));
  console.log("lab ready");
  if (scale !== undefined) await grow(lab, scale, scaling.signal);
}

/** Goes on while people use the lab already. */
async function grow(lab: Lab, scale: ScaleAmounts, signal: AbortSignal): Promise<void> {
  try {
    await seedScale(lab, scale, signal);
    console.log("lab at scale");
  } catch (error) {
    if (!signal.aborted) console.error("The lab is not at scale; start it again.", error);
  }
}

function fail(what: string, error: unknown): void {
  console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

main().catch((error: unknown) => fail("The lab could not start", error));
