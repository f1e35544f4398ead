import { join } from "node:path";
import { Refusal } from "./run-command.ts";
import { ServiceLog } from "./service-log.ts";
import { Service, type ServiceOptions } from "./service.ts";
import { portVariables, type Settings } from "./settings.ts";

const READY_WITHIN_MS = 120_000;

/** The processes of Drover, in the order they are started. */
export class Supervisor {
  readonly #settings: Settings;
  readonly #services: Service[] = [];
  readonly #onPids: (pids: readonly number[]) => void;
  #stopping: Promise<void> | undefined;

  constructor(settings: Settings, onPids: (pids: readonly number[]) => void) {
    this.#settings = settings;
    this.#onPids = onPids;
  }

  /** Settles when everything answers; throws, with everything stopped, when something cannot start. */
  async start(): Promise<void> {
    if (this.#settings.hasLab) await this.#launch("lab", "packages/lab/src/main.ts");
    await Promise.all([
      this.#launch("controller", "apps/controller/src/main.ts"),
      this.#launch("api", "apps/api/src/main.ts"),
    ]);
  }

  /** Stops everything, what was started last first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopInOrder();
    return this.#stopping;
  }

  async #stopInOrder(): Promise<void> {
    for (const service of this.#services.toReversed()) await service.stop();
  }

  async #launch(name: string, main: string): Promise<void> {
    if (this.#stopping !== undefined) return;
    const log = new ServiceLog(
      name,
      join(this.#settings.stateDir, "logs"),
      process.env["DROVER_VERBOSE"] === "1",
    );
    const options: ServiceOptions = {
      name,
      main,
      log,
      env: { ...portVariables(this.#settings), ...this.#identity(name) },
      ...(name === "api" ? { probe: () => this.#isApiReady() } : {}),
    };
    const service = new Service(options, () => this.#tellPids());
    this.#services.push(service);
    try {
      await within(READY_WITHIN_MS, service.start(), name);
    } catch (error) {
      if (this.#stopping !== undefined) return;
      throw new Refusal(
        `${error instanceof Error ? error.message : String(error)} Its last lines, more in ${log.path}:\n${log.lastLines.map((line) => `  ${line}`).join("\n")}`,
      );
    }
  }

  /** Each process acts under its own service account in the lab. */
  #identity(name: string): Record<string, string> {
    const { stateDir, hasLab } = this.#settings;
    const env = { DROVER_STATE_DIR: stateDir };
    if (!hasLab || name === "lab") return env;
    const variable = name === "api" ? "DROVER_API_KUBECONFIG" : "DROVER_KUBECONFIG";
    return { ...env, [variable]: join(stateDir, "lab", `${name}.kubeconfig`) };
  }

  async #isApiReady(): Promise<boolean> {
    const port = this.#settings.ports.find(({ variable }) => variable === "DROVER_PORT")?.port;
    try {
      const signal = AbortSignal.timeout(2_000);
      const answer = await fetch(`http://127.0.0.1:${port}/api/readyz`, { signal });
      return answer.ok;
    } catch {
      // Not there yet; asked again until the deadline of the start.
      return false;
    }
  }

  #tellPids(): void {
    this.#onPids(this.#services.flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
  }
}

async function within<T>(ms: number, promise: Promise<T>, name: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`The ${name} was not ready within ${ms / 1000} s.`)),
    ms,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
