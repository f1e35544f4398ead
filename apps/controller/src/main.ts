import { pino } from "pino";
import { startApp } from "./app.ts";
import { readConfig } from "./config.ts";

const config = readConfig();
const log = pino({ name: "controller", level: config.logLevel });
const app = await startApp({ config, log });

let isStopping = false;
async function stop(exitCode: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await app.stop();
  process.exit(exitCode);
}

process.once("SIGTERM", () => void stop(0));
process.once("SIGINT", () => void stop(0));
app.lost.then(
  () => stop(1),
  () => stop(1),
);

try {
  await app.leading;
  console.log("controller ready");
} catch (error) {
  if (!isStopping) {
    log.fatal({ err: error }, "The controller cannot start.");
    await stop(1);
  }
}
