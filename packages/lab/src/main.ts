import { pino } from "pino";
import { processConfig } from "./config.ts";
import { startLab } from "./lab.ts";
import type { Lab } from "./lab.ts";

/** Starts the whole lab, says so, and ends it when asked to. */
async function main(): Promise<void> {
  const { logLevel, ...config } = processConfig();
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
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      isAskedToEnd = true;
      end();
    });
  }
  lab = await startLab({ ...config, hasFixedAddresses: true, seed: true, log });
  if (isAskedToEnd) end();
  else console.log("lab ready");
}

function fail(what: string, error: unknown): void {
  console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

main().catch((error: unknown) => fail("The lab could not start", error));
