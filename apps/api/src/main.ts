import { buildApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { startMetricsServer } from "./metrics/metrics-server.ts";
import { openLog } from "./log.ts";
import { openServices } from "./services.ts";

/** Longer than a stream needs to say goodbye, shorter than what a supervisor waits before it kills. */
const graceMs = 8000;

const config = readConfig();
const log = openLog(config.logLevel);
const services = await openServices(config, log);
const { server, metrics } = await buildApp(services);
const metricsServer =
  config.metricsPort === undefined
    ? undefined
    : await startMetricsServer(metrics, config.metricsPort);
await server.listen({ host: config.address, port: config.port });
console.log(`api ready on ${config.publicUrl.origin}`);

let isStopping = false;
async function stop(signal: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ signal }, "stopping");
  setTimeout(() => process.exit(1), graceMs).unref();
  metricsServer?.close();
  await server.close();
  await services.close();
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(signal));
