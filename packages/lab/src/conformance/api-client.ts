import { Agent, request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";

export type Json = { [field: string]: unknown };

export type Answer = {
  readonly status: number;
  // Cases read deep into answers whose shape they themselves assert.
  readonly body: Body;
  readonly text: string;
  readonly headers: IncomingMessage["headers"];
};

/** A JSON answer read by path; anything missing reads as undefined. */
export class Body {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  /** `at("metadata", "labels", "a")`, `at("items", 0, "metadata")`. */
  at(...path: readonly (string | number)[]): unknown {
    let current = this.value;
    for (const step of path) {
      if (typeof current !== "object" || current === null) return undefined;
      current = (current as Record<string | number, unknown>)[step];
    }
    return current;
  }

  text(...path: readonly (string | number)[]): string {
    return String(this.at(...path));
  }

  list(...path: readonly (string | number)[]): readonly unknown[] {
    const value = this.at(...path);
    return Array.isArray(value) ? value : [];
  }
}

export type Call = {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** The administrator's when absent; null for none. */
  readonly token?: string | null;
};

export type WatchedEvent = { readonly type: string; readonly object: Body };

/** A plain HTTPS client that knows nothing of Kubernetes but JSON. */
export class ApiClient {
  #url: string;
  #token: string;
  #agent: Agent;

  constructor(given: { readonly url: string; readonly caPem: string; readonly token: string }) {
    this.#url = given.url;
    this.#token = given.token;
    this.#agent = new Agent({ ca: given.caPem, keepAlive: true });
  }

  get(path: string, call: Call = {}): Promise<Answer> {
    return this.send("GET", path, call);
  }

  post(path: string, body: unknown, call: Call = {}): Promise<Answer> {
    return this.send("POST", path, { ...call, body });
  }

  put(path: string, body: unknown, call: Call = {}): Promise<Answer> {
    return this.send("PUT", path, { ...call, body });
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send("DELETE", path, body === undefined ? {} : { body });
  }

  patch(
    path: string,
    kind: "merge" | "json" | "strategic" | "apply",
    body: unknown,
  ): Promise<Answer> {
    return this.send("PATCH", path, { body, contentType: PATCH_TYPES[kind] });
  }

  async send(method: string, path: string, call: Call = {}): Promise<Answer> {
    const response = await this.#open(method, path, call);
    let text = "";
    for await (const chunk of response as AsyncIterable<Buffer>) text += chunk.toString("utf8");
    return {
      status: response.statusCode ?? 0,
      body: new Body(parsed(text)),
      text,
      headers: response.headers,
    };
  }

  /** Watches until `count` events came or the server ended the stream; fails after five seconds. */
  async watch(
    path: string,
    count: number,
    during?: () => Promise<unknown>,
  ): Promise<WatchedEvent[]> {
    const separator = path.includes("?") ? "&" : "?";
    const response = await this.#open("GET", `${path}${separator}watch=true`, {});
    const events: WatchedEvent[] = [];
    const timer = setTimeout(() => {
      response.destroy(
        new Error(`the watch of ${path} brought ${events.length} of ${count} events`),
      );
    }, 5000);
    try {
      const changes = during?.();
      for await (const line of createInterface({ input: response })) {
        const event = new Body(JSON.parse(line));
        events.push({ type: event.text("type"), object: new Body(event.at("object")) });
        if (events.length >= count) break;
      }
      await changes;
      return events;
    } finally {
      clearTimeout(timer);
      response.destroy();
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(method: string, path: string, call: Call): Promise<IncomingMessage> {
    const text = call.body === undefined ? undefined : bodyText(call.body);
    const token = call.token === undefined ? this.#token : call.token;
    const headers: Record<string, string | string[]> = {
      accept: "application/json",
      "user-agent": "conformance/1.0",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
      ...(text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) }),
      ...call.headers,
    };
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent };
      const outgoing = httpsRequest(new URL(path, this.#url), options, resolve);
      outgoing.on("error", reject);
      outgoing.end(text);
    });
  }
}

const PATCH_TYPES = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

function bodyText(body: unknown): string | Buffer {
  return typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
