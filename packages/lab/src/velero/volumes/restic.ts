import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { KeyedLock } from "../../objectstore/keyed-lock.ts";
import { isRecord } from "../raw-object.ts";
import { locationId, type Location } from "../storage/location.ts";

export type ResticRun = {
  readonly repository: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Hears each JSON line restic prints. */
  readonly onMessage?: (message: Record<string, unknown>) => void;
};

/** restic could not do what it was asked; the message is its own last words. */
export class ResticError extends Error {
  /** True when it found no repository where it was told to look. */
  readonly isRepositoryMissing: boolean;

  constructor(command: string, exit: string, words: string) {
    super(`restic ${command} ended with ${exit}: ${words}`);
    this.name = "ResticError";
    this.isRepositoryMissing = /Is there a repository at|unable to open config file/.test(words);
  }
}

export type ResticOptions = {
  readonly stateDir: string;
  /** Where the restic binary is looked for, as in PATH. */
  readonly searchPath: string;
  readonly location: Location;
  readonly password: string;
  readonly signal: AbortSignal;
};

const lastWordsLength = 2_000;

/*
 * restic reads every lock it finds in a repository, and waits minutes for one that another restic removes in that
 * moment. So commands that only read go without a lock (nothing here ever prunes), and writers go one by one.
 */
const reading = new Set(["cat", "stats", "snapshots", "restore"]);
const writers = new KeyedLock();

/** Runs the restic binary against one location's repositories. */
export class Restic {
  readonly #options: ResticOptions;

  constructor(options: ResticOptions) {
    this.#options = options;
  }

  async run(run: ResticRun): Promise<void> {
    if (reading.has(run.args[0] ?? "")) await this.#spawn(run, ["--no-lock"]);
    else await writers.run(run.repository, () => this.#spawn(run, []));
  }

  async #spawn(run: ResticRun, flags: readonly string[]): Promise<void> {
    const { repository, args, cwd, onMessage } = run;
    const { signal } = this.#options;
    signal.throwIfAborted();
    const all = [...(await this.#globalArgs(repository)), ...flags, ...args];
    const child = spawn("restic", all, {
      ...(cwd === undefined ? {} : { cwd }),
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGINT",
    });
    let words = "";
    child.stderr.on("data", (piece: Buffer) => {
      words = (words + piece.toString("utf8")).slice(-lastWordsLength);
    });
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      const message = parseLine(line);
      if (message !== undefined) onMessage?.(message);
    });
    const ended = new Promise<string>((resolve, reject) => {
      child.on("error", (error) => reject(startProblem(error)));
      child.on("close", (code, killed) => resolve(killed ?? String(code)));
    });
    const exit = await ended;
    if (exit !== "0") throw new ResticError(args[0] ?? "", exit, words.trim() || "it said nothing");
  }

  /** Runs a command that prints one JSON document. */
  async read(repository: string, args: readonly string[]): Promise<unknown> {
    let document: unknown;
    const onMessage = (message: Record<string, unknown>): void =>
      void (document = message["value"]);
    await this.run({ repository, args: [...args, "--json"], onMessage });
    return document;
  }

  async #globalArgs(repository: string): Promise<string[]> {
    const { stateDir, location } = this.#options;
    const args = ["--repo", repository, "--cache-dir", join(stateDir, "restic-cache")];
    args.push("-o", "s3.bucket-lookup=path", "-o", `s3.region=${location.region}`);
    if (location.insecure) args.push("--insecure-tls");
    if (location.caPem !== undefined) {
      const path = join(stateDir, `ca-${locationId(location)}.pem`);
      await mkdir(stateDir, { recursive: true });
      await writeFile(path, location.caPem);
      args.push("--cacert", path);
    }
    return args;
  }

  #environment(): NodeJS.ProcessEnv {
    const { location, password, stateDir, searchPath } = this.#options;
    return {
      PATH: searchPath,
      HOME: stateDir,
      AWS_ACCESS_KEY_ID: location.credentials.accessKey,
      AWS_SECRET_ACCESS_KEY: location.credentials.secretKey,
      RESTIC_PASSWORD: password,
      RESTIC_PROGRESS_FPS: "2",
    };
  }
}

/** Lists and single values come as JSON that is no record; they are handed over under `value` like everything else. */
function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? { ...value, value } : { value };
  } catch {
    // Some commands mix sentences into their JSON; those carry nothing we use.
    return undefined;
  }
}

function startProblem(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") return error;
  return new Error(
    "restic is not on the lab's PATH. Install it, for example with: apt-get install restic",
  );
}
