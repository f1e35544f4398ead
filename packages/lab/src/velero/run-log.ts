import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { createWriteStream, type WriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";

const compress = promisify(gzip);

/** What went wrong, sorted by where, as Velero's results file has it. */
export type Findings = {
  readonly velero: string[];
  readonly cluster: string[];
  readonly namespaces: Record<string, string[]>;
};

function count(findings: Findings): number {
  const lists = [findings.velero, findings.cluster, ...Object.values(findings.namespaces)];
  return lists.reduce((sum, list) => sum + list.length, 0);
}

function record(findings: Findings, message: string, namespace: string | undefined): void {
  if (namespace === undefined) findings.cluster.push(message);
  else (findings.namespaces[namespace] ??= []).push(message);
}

/** The log of one backup or restore, and the warnings and errors it ends with. */
export class RunLog {
  readonly warnings: Findings = { velero: [], cluster: [], namespaces: {} };
  readonly errors: Findings = { velero: [], cluster: [], namespaces: {} };
  readonly #path: string;
  readonly #stream: WriteStream;

  constructor(path: string) {
    this.#path = path;
    this.#stream = createWriteStream(path);
  }

  get warningCount(): number {
    return count(this.warnings);
  }

  get errorCount(): number {
    return count(this.errors);
  }

  info(message: string): void {
    this.#write("info", message);
  }

  /** About the whole cluster when no namespace is named. */
  warn(message: string, namespace?: string): void {
    record(this.warnings, message, namespace);
    this.#write("warning", message);
  }

  error(message: string, namespace?: string): void {
    record(this.errors, message, namespace);
    this.#write("error", message);
  }

  /** The whole log, compressed. Nothing is written to it afterwards. */
  async close(): Promise<Buffer> {
    this.#stream.end();
    await finished(this.#stream);
    return compress(await readFile(this.#path));
  }

  async results(): Promise<Buffer> {
    return compress(JSON.stringify({ errors: this.errors, warnings: this.warnings }));
  }

  #write(level: string, message: string): void {
    this.#stream.write(
      `time="${new Date().toISOString()}" level=${level} msg=${JSON.stringify(message)}\n`,
    );
  }
}
