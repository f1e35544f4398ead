import {
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  type WriteStream,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const MAX_BYTES = 20 * 1024 * 1024;
const WARNING = 40;
const LEVELS: Readonly<Record<number, string>> = { 40: "warning", 50: "error", 60: "fatal" };

/** Everything a process prints goes to a file; what a person should see goes to the terminal, with its name before it. */
export class ServiceLog {
  readonly #name: string;
  readonly #path: string;
  readonly #isVerbose: boolean;
  #file: WriteStream;
  #bytes: number;
  #lastLines: string[] = [];

  constructor(name: string, directory: string, isVerbose: boolean) {
    mkdirSync(directory, { recursive: true });
    this.#name = name;
    this.#path = join(directory, `${name}.log`);
    this.#isVerbose = isVerbose;
    this.#bytes = existsSync(this.#path) ? statSync(this.#path).size : 0;
    this.#file = createWriteStream(this.#path, { flags: "a", mode: 0o600 });
  }

  get path(): string {
    return this.#path;
  }

  /** The last lines it printed, for when it cannot start. */
  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  read(stream: Readable, onLine: (line: string) => void): void {
    createInterface({ input: stream }).on("line", (line) => {
      this.#keep(line);
      const shown = this.#shown(line);
      if (shown !== undefined) this.say(shown);
      onLine(line);
    });
  }

  say(text: string): void {
    console.log(`${this.#name.padEnd(10)} │ ${text}`);
  }

  #keep(line: string): void {
    this.#lastLines = [...this.#lastLines.slice(-19), line];
    this.#bytes += line.length + 1;
    if (this.#bytes > MAX_BYTES) this.#rotate();
    this.#file.write(`${line}\n`);
  }

  #rotate(): void {
    this.#file.end();
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = createWriteStream(this.#path, { flags: "a", mode: 0o600 });
    this.#bytes = 0;
  }

  // Structured lines below a warning are for the file; plain lines are meant for people.
  #shown(line: string): string | undefined {
    if (this.#isVerbose || !line.startsWith("{")) return line;
    const entry = parseEntry(line);
    if (entry === undefined) return line;
    if (entry.level < WARNING) return undefined;
    const problem = entry.err?.message === undefined ? "" : `: ${entry.err.message}`;
    return `${LEVELS[entry.level] ?? "warning"}: ${entry.msg ?? ""}${problem}`;
  }
}

type Entry = { readonly level: number; readonly msg?: string; readonly err?: { message?: string } };

function parseEntry(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = typeof value === "object" && value !== null && "level" in value;
    return isEntry && typeof value.level === "number" ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}
