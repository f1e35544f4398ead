import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Agent, createServer, request } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createAuthority, issueCertificate } from "../../tls/certificate-authority.ts";

type Verb = "list" | "watch" | "other";
type Refusal = { readonly verb: Verb; readonly code: number };

type Target = {
  readonly url: string;
  readonly caPem: string;
  /** The resource whose lists and watches are told from other requests: `configmaps`. */
  readonly plural: string;
};

/** Stands between a client and a real API server, and does to the traffic what networks and busy servers do. */
export class FaultProxy {
  readonly caPem: string;
  /** Waits before each piece of an answer. */
  delayMs = 0;
  /** First pages asked for. */
  lists = 0;
  /** Objects of the longest page. */
  longestPage = 0;
  pages = 0;
  mostListsAtOnce = 0;
  /** Runs before a list or one of its pages is passed on. */
  beforePage: (page: "first" | "next") => Promise<void> = () => Promise.resolve();
  readonly #target: Target;
  readonly #agent: Agent;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #watches = new Set<ServerResponse>();
  /** Those the client still waits for: one that was given up may go on behind the proxy. */
  readonly #awaitedLists = new Set<ServerResponse>();
  readonly #refusals: Refusal[] = [];
  #port = 0;
  #isCutting = false;

  private constructor(target: Target, tls: { caPem: string; certPem: string; keyPem: string }) {
    this.caPem = tls.caPem;
    this.#target = target;
    this.#agent = new Agent({ ca: target.caPem, keepAlive: true });
    this.#server = createServer({ cert: tls.certPem, key: tls.keyPem }, (asked, answer) => {
      void this.#serve(asked, answer).catch(() => answer.destroy());
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(target: Target): Promise<FaultProxy> {
    const authority = await createAuthority("proxy");
    const pair = await issueCertificate(authority, { commonName: "proxy", hosts: ["127.0.0.1"] });
    const proxy = new FaultProxy(target, { caPem: authority.certPem, ...pair });
    await proxy.comeBack();
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get watchesNow(): number {
    return this.#watches.size;
  }

  /** Answers the next request of a kind instead of the server. */
  refuseNext(refusal: Refusal): void {
    this.#refusals.push(refusal);
  }

  /** Takes every connection away, as a firewall does that forgets. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Ends each watch in the middle of its next event. */
  cutMidEvent(): void {
    this.#isCutting = true;
  }

  /** Ends each watch with the word that its version is too old. */
  expireWatches(): void {
    for (const watch of this.#watches) {
      const object = statusOf(410);
      watch.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
    }
  }

  async goAway(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.dropConnections();
    await closed;
  }

  async comeBack(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.goAway();
    this.#agent.destroy();
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(asked.url ?? "/", this.#target.url);
    const verb = this.#verbOf(asked, url);
    const index = this.#refusals.findIndex((refusal) => refusal.verb === verb);
    const [refusal] = index < 0 ? [] : this.#refusals.splice(index, 1);
    if (refusal !== undefined) {
      const headers = { "content-type": "application/json", "retry-after": "0" };
      answer.writeHead(refusal.code, headers).end(JSON.stringify(statusOf(refusal.code)));
      return;
    }
    if (verb === "list") await this.#list(url, asked, answer);
    else await this.#relay(url, asked, answer);
  }

  #verbOf({ method }: IncomingMessage, { pathname, searchParams }: URL): Verb {
    if (method !== "GET" || !pathname.endsWith(`/${this.#target.plural}`)) return "other";
    return searchParams.get("watch") === "true" ? "watch" : "list";
  }

  async #list(url: URL, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const isFirst = !url.searchParams.has("continue");
    // A list of one is how a client asks whether anybody is there.
    const isPing = url.searchParams.get("limit") === "1";
    if (isFirst && !isPing) this.lists += 1;
    this.#awaitedLists.add(answer);
    answer.on("close", () => this.#awaitedLists.delete(answer));
    this.mostListsAtOnce = Math.max(this.mostListsAtOnce, this.#awaitedLists.size);
    await this.beforePage(isFirst ? "first" : "next");
    const body = await this.#relay(url, asked, answer);
    const { items = [] } = JSON.parse(body.toString("utf8")) as { items?: readonly unknown[] };
    this.pages += 1;
    this.longestPage = Math.max(this.longestPage, items.length);
  }

  async #relay(url: URL, asked: IncomingMessage, answer: ServerResponse): Promise<Buffer> {
    const headers: OutgoingHttpHeaders = { ...asked.headers, host: url.host };
    const onward = request(url, { method: asked.method ?? "GET", headers, agent: this.#agent });
    const gone = new AbortController();
    answer.on("close", () => {
      this.#watches.delete(answer);
      onward.destroy();
      gone.abort();
    });
    asked.pipe(onward);
    const [given] = (await once(onward, "response")) as [IncomingMessage];
    answer.writeHead(given.statusCode ?? 502, given.headers);
    answer.flushHeaders();
    const isWatch = this.#verbOf(asked, url) === "watch";
    if (isWatch) this.#watches.add(answer);
    const pieces: Buffer[] = [];
    for await (const piece of given as AsyncIterable<Buffer>) {
      if (this.delayMs > 0) await sleep(this.delayMs);
      if (isWatch && this.#isCutting) {
        await cutShort(answer, piece);
        this.#isCutting = false;
        break;
      }
      if (!isWatch) pieces.push(piece);
      if (!answer.write(piece)) await once(answer, "drain", { signal: gone.signal });
    }
    answer.end();
    return Buffer.concat(pieces);
  }
}

async function cutShort(answer: ServerResponse, piece: Buffer): Promise<void> {
  const half = piece.subarray(0, Math.ceil(piece.length / 2));
  await new Promise<void>((resolve) => answer.write(half, () => resolve()));
  answer.destroy();
}

function statusOf(code: number): object {
  const reason = { 410: "Expired", 429: "TooManyRequests" }[code] ?? "InternalError";
  const kind = { apiVersion: "v1", kind: "Status", metadata: {}, status: "Failure" };
  return { ...kind, code, reason, message: "A fault of the test." };
}
