import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { KubeObject } from "@drover/crds";
import { answerJson, statusBody } from "./scripted-server.ts";
import { selfSigned } from "./self-signed.ts";

type Event = { version: number; type: "ADDED" | "MODIFIED" | "DELETED"; object: KubeObject };
type Refusal = { verb: "list" | "watch"; code: number; retryAfterSeconds?: number };
type Snapshot = { items: KubeObject[]; resourceVersion: string };
type Watcher = { response: ServerResponse; from: number };

/** Keeps one collection of ConfigMaps as an API server does, and misbehaves on demand. */
export class FaultyApiServer {
  readonly #objects = new Map<string, KubeObject>();
  readonly #tls: { certPem: string; keyPem: string };
  #events: Event[] = [];
  #watchers = new Set<Watcher>();
  #refusals: Refusal[] = [];
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  #port = 0;
  #version = 100;
  #compactedAt = 0;
  /** Events are kept from watchers while this is set, as on a half-dead connection. */
  isMute = false;
  /** How events reach watchers: `swapped` sends each second one before the first, `doubled` each one twice. */
  delivery: "orderly" | "swapped" | "doubled" = "orderly";
  #held: Event | undefined;
  /** Answers every list with this code while it is set. */
  listRefusal: number | undefined;
  longestPage = 0;
  /** Lists are answered as they were at this moment. */
  staleList: Snapshot | undefined;
  listDelayMs = 0;
  lists = 0;
  watches = 0;
  mostListsAtOnce = 0;
  listTimes: number[] = [];
  #listsNow = 0;

  private constructor(tls: { certPem: string; keyPem: string }) {
    this.#tls = tls;
  }

  static async start(): Promise<FaultyApiServer> {
    const server = new FaultyApiServer(await selfSigned());
    await server.comeBack();
    return server;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }
  get caPem(): string {
    return this.#tls.certPem;
  }

  async comeBack(): Promise<void> {
    const tls = { cert: this.#tls.certPem, key: this.#tls.keyPem };
    const server = createServer(tls, (request, response) => void this.#serve(request, response));
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async goAway(): Promise<void> {
    this.#watchers.clear();
    this.#held = undefined;
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    // Those in the middle of their handshake too, which the server does not count as connections yet.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
  }

  put(name: string, data: Record<string, string> = {}): void {
    this.#version += 1;
    const type = this.#objects.has(name) ? "MODIFIED" : "ADDED";
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name,
        namespace: "ns",
        uid: name,
        resourceVersion: String(this.#version),
        managedFields: [{ manager: "test" }],
      },
      data,
    };
    this.#objects.set(name, object);
    this.#publish({ version: this.#version, type, object });
  }

  remove(name: string): void {
    const object = this.#objects.get(name);
    if (object === undefined) throw new Error(`no ${name}`);
    this.#version += 1;
    this.#objects.delete(name);
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    this.#publish({ version: this.#version, type: "DELETED", object: { ...object, metadata } });
  }

  names(): string[] {
    return [...this.#objects.keys()].sort();
  }
  snapshot(): Snapshot {
    return { items: [...this.#objects.values()], resourceVersion: String(this.#version) };
  }
  refuseNext(...refusals: Refusal[]): void {
    this.#refusals.push(...refusals);
  }
  /** Puts the server back to an earlier state, as a restored backup does. */
  restore(past: Snapshot): void {
    this.#objects.clear();
    for (const object of past.items) this.#objects.set(object.metadata.name ?? "", object);
    this.#version = Number(past.resourceVersion);
    this.#events = [];
  }
  /** Forgets history: watches from before get 410, now and later. */
  compact(): void {
    this.#compactedAt = this.#version;
    this.#events = [];
  }
  /** Ends every watch, with a 410 event or by cutting the socket in the middle of a line. */
  endWatches(how: "expired" | "cut" | "closed"): void {
    for (const { response } of this.#watchers) {
      if (how === "expired") response.write(line("ERROR", statusBody(410, "Expired", "too old")));
      if (how === "cut") response.write('{"type":"MODI', () => response.socket?.destroy());
      else response.end();
    }
    this.#held = undefined;
    this.#watchers.clear();
  }
  bookmark(version = this.#version): void {
    for (const watcher of this.#watchers) {
      const metadata = { resourceVersion: String(version) };
      watcher.response.write(line("BOOKMARK", { kind: "ConfigMap", apiVersion: "v1", metadata }));
    }
  }
  /** Sends earlier events once more, in the order given. */
  sendAgain(...versions: number[]): void {
    for (const version of versions) {
      const event = this.#events.find((candidate) => candidate.version === version);
      if (event === undefined) throw new Error(`no event ${version}`);
      for (const { response } of this.#watchers) response.write(line(event.type, event.object));
    }
  }
  get version(): number {
    return this.#version;
  }
  get watchersNow(): number {
    return this.#watchers.size;
  }

  #publish(event: Event): void {
    this.#events.push(event);
    if (this.isMute) return;
    const held = this.#held;
    this.#held = held === undefined && this.delivery === "swapped" ? event : undefined;
    if (this.#held !== undefined) return;
    const inOrder = held === undefined ? [event] : [event, held];
    const sent = this.delivery === "doubled" ? [...inOrder, ...inOrder] : inOrder;
    const text = sent.map(({ type, object }) => line(type, object)).join("");
    for (const { response } of this.#watchers) response.write(text);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const verb = url.searchParams.get("watch") === "true" ? "watch" : "list";
    const refused = this.#refusals[0]?.verb === verb ? this.#refusals.shift() : undefined;
    if (verb === "list") this.listTimes.push(performance.now());
    if (refused !== undefined) return refuse(response, refused);
    if (verb === "list" && this.listRefusal !== undefined)
      return refuse(response, { verb, code: this.listRefusal });
    if (verb === "watch") return this.#watch(url, response);
    await this.#list(url, response);
  }

  #watch(url: URL, response: ServerResponse): void {
    this.watches += 1;
    const from = Number(url.searchParams.get("resourceVersion"));
    if (from < this.#compactedAt)
      return answerJson(response, 410, statusBody(410, "Expired", "too old resource version"));
    response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    const watcher = { response, from };
    this.#watchers.add(watcher);
    response.on("close", () => this.#watchers.delete(watcher));
    if (this.isMute) return;
    for (const event of this.#events) {
      if (event.version > from) response.write(line(event.type, event.object));
    }
  }

  async #list(url: URL, response: ServerResponse): Promise<void> {
    this.#listsNow += 1;
    this.mostListsAtOnce = Math.max(this.mostListsAtOnce, this.#listsNow);
    const list = this.staleList ?? this.snapshot();
    if (this.listDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.listDelayMs));
    const limit = Number(url.searchParams.get("limit") ?? list.items.length);
    const token = url.searchParams.get("continue");
    this.longestPage = Math.max(this.longestPage, Math.min(limit, list.items.length));
    if (token === null && limit > 1) this.lists += 1;
    this.#listsNow -= 1;
    if (token !== null && Number(token.split(":")[0]) < this.#compactedAt)
      return answerJson(response, 410, statusBody(410, "Expired", "continue token too old"));
    answerJson(response, 200, page(list, Number(token?.split(":")[1] ?? 0), limit));
  }
}

function page(list: Snapshot, start: number, limit: number): object {
  const { items, resourceVersion } = list;
  const end = start + limit;
  const next = end < items.length ? { continue: `${resourceVersion}:${end}` } : {};
  return {
    kind: "ConfigMapList",
    apiVersion: "v1",
    metadata: { resourceVersion, ...next },
    items: items.slice(start, end),
  };
}

function refuse(response: ServerResponse, { code, retryAfterSeconds }: Refusal): void {
  if (retryAfterSeconds !== undefined) response.setHeader("retry-after", String(retryAfterSeconds));
  answerJson(response, code, statusBody(code, "Refused", `refused with ${code}`));
}

function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}
