import { Agent, request } from "node:https";
import type { IncomingMessage } from "node:http";
import type { BenchedServer } from "./benched-server.ts";

const NEWLINE = 10;

/** Sends and counts, and understands as little as it can: its own work must not be what is measured. */
export class RawClient {
  readonly #server: BenchedServer;
  readonly #agent: Agent;

  constructor(server: BenchedServer) {
    this.#server = server;
    this.#agent = new Agent({ ca: server.caPem, keepAlive: true });
  }

  /** The text of an answer; throws when it is a refusal. */
  async send(method: string, path: string, body?: string): Promise<string> {
    const answer = await this.#open(method, path, body);
    const pieces: Buffer[] = [];
    for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece);
    const text = Buffer.concat(pieces).toString("utf8");
    if ((answer.statusCode ?? 0) >= 300)
      throw new Error(`${this.#server.name} refuses ${method} ${path}: ${text.slice(0, 300)}`);
    return text;
  }

  /** Counts the events of a watch; `seen` resolves when there were so many since the last question. */
  async watch(path: string): Promise<RawWatch> {
    return new RawWatch(await this.#open("GET", path));
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(method: string, path: string, body?: string): Promise<IncomingMessage> {
    const { url, token } = this.#server;
    const isApply = path.includes("fieldManager=");
    const patchType = isApply ? "application/apply-patch+yaml" : "application/merge-patch+json";
    const type = method === "PATCH" ? patchType : "application/json";
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined
        ? {}
        : { "content-type": type, "content-length": String(Buffer.byteLength(body)) }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, url), { method, headers, agent: this.#agent }, resolve);
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

/** A watch that is counted and not read. */
export class RawWatch {
  readonly #stream: IncomingMessage;
  #events = 0;
  #wanted = 0;
  #done: () => void = () => undefined;

  constructor(stream: IncomingMessage) {
    this.#stream = stream;
    stream.on("data", (piece: Buffer) => {
      for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1))
        this.#events += 1;
      if (this.#events >= this.#wanted) this.#done();
    });
  }

  /** Resolves when so many events came altogether. */
  seen(events: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wanted = events;
      this.#done = resolve;
      this.#stream.once("close", () =>
        reject(new Error(`A watch ended after ${this.#events} events.`)),
      );
      if (this.#events >= events) resolve();
    });
  }

  close(): void {
    this.#stream.destroy();
  }
}
