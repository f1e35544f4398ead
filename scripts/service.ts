import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { killGroup, root } from "./run-command.ts";
import type { ServiceLog } from "./service-log.ts";

export type ServiceOptions = {
  readonly name: string;
  /** Below the repository. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  /** Asked again and again, once the process said that it is ready. */
  readonly probe?: () => Promise<boolean>;
  readonly log: ServiceLog;
};

const STOP_GRACE_MS = 10_000;
const HELD_MS = 60_000;
const MAX_PAUSE_MS = 30_000;

/** One supervised process: started, heard, started again when it dies, stopped when asked. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #onPidChange: () => void;
  #child: ChildProcess | undefined;
  #exited = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  #isStopping = false;
  #wasReady = false;
  #failures = 0;
  #ready = Promise.withResolvers<void>();

  constructor(options: ServiceOptions, onPidChange: () => void) {
    this.#options = options;
    this.#onPidChange = onPidChange;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Settles when it is ready for the first time; rejects when it dies before. */
  start(): Promise<void> {
    this.#spawn();
    return this.#ready.promise;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child?.pid === undefined) return;
    // Only the process itself is told: it stops what it started in its own order.
    child.kill("SIGTERM");
    const kill = setTimeout(() => {
      this.#options.log.say("does not stop; killing it");
      if (child.pid !== undefined) killGroup(child.pid, "SIGKILL");
    }, STOP_GRACE_MS);
    await this.#exited;
    clearTimeout(kill);
  }

  #spawn(): void {
    const { main, env, log } = this.#options;
    const preload = join(root, "scripts", "die-with-parent.mjs");
    const startedAt = performance.now();
    // A group of its own: Ctrl-C reaches only the supervisor, which then stops everything in order.
    // Type stripping and the database are WebAssembly: optimising them costs hundreds of megabytes at start.
    const child = spawn(process.execPath, ["--liftoff-only", "--import", preload, main], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    this.#child = child;
    this.#onPidChange();
    if (child.stdout !== null) log.read(child.stdout, (line) => this.#hear(line));
    if (child.stderr !== null) log.read(child.stderr, () => undefined);
    const exit = Promise.withResolvers<void>();
    this.#exited = exit.promise;
    child.on("error", (error) => log.say(`cannot be started: ${error.message}`));
    child.on("exit", (code, signal) => {
      exit.resolve();
      this.#closed(child, describeEnd(code, signal), performance.now() - startedAt);
    });
  }

  #hear(line: string): void {
    if (line.startsWith(`${this.#options.name} ready`)) void this.#confirm();
  }

  async #confirm(): Promise<void> {
    const { probe } = this.#options;
    while (!this.#isStopping && probe !== undefined && !(await probe())) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#wasReady = true;
    this.#ready.resolve();
  }

  #closed(child: ChildProcess, how: string, livedMs: number): void {
    const { name, log } = this.#options;
    this.#child = undefined;
    // What it started and left behind would keep ports and volumes busy.
    if (child.pid !== undefined) killGroup(child.pid, "SIGKILL");
    if (this.#isStopping) return;
    if (!this.#wasReady) {
      this.#ready.reject(new Error(`The ${name} ${how} before it was ready.`));
      return;
    }
    this.#failures = livedMs > HELD_MS ? 0 : this.#failures + 1;
    const pauseMs = Math.min(MAX_PAUSE_MS, 500 * 2 ** Math.max(0, this.#failures - 1));
    log.say(`${how}; starting it again in ${pauseMs / 1000} s`);
    this.#restart = setTimeout(() => this.#spawn(), pauseMs);
  }
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
