import { Agent, type Dispatcher } from "undici";
import { whileBusy } from "./busy-server.ts";
import type { ClusterConnection } from "./cluster.ts";
import { Deadline } from "./deadline.ts";
import { connectionFailure, isCutConnection, refusal, timeoutFailure } from "./failure.ts";
import { KubeError } from "./kube-error.ts";
import { splitLines } from "./lines.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;
/** Requests wait for one another beyond this; streams have sockets of their own and never starve them. */
const MAX_REQUEST_SOCKETS = 32;

export type HttpRequest = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
};

export type LinesRequest = Pick<HttpRequest, "path" | "query" | "signal"> & {
  /** Servers send a watch's headers at once, but a followed log's only with its first line. */
  readonly areHeadersPrompt: boolean;
};

/** HTTPS to one API server: JSON answers, and streams of lines. */
export type Transport = {
  readonly url: string;
  json(request: HttpRequest): Promise<unknown>;
  /** Ends quietly when the signal aborts. */
  lines(request: LinesRequest): AsyncGenerator<string>;
  close(): Promise<void>;
};

type Wire = {
  readonly origin: string;
  readonly prefix: string;
  readonly url: string;
  readonly readToken: () => Promise<string | undefined>;
  readonly timeoutMs: number;
  readonly closing: AbortSignal;
};

export function openTransport(connection: ClusterConnection): Transport {
  const base = httpsUrl(connection.url);
  const closing = new AbortController();
  const wire: Wire = {
    origin: base.origin,
    prefix: base.pathname.replace(/\/+$/, ""),
    url: connection.url,
    readToken: connection.readToken ?? (() => Promise.resolve(connection.token)),
    timeoutMs: connection.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    closing: closing.signal,
  };
  const connect = tlsOptions(connection);
  const requests = new Agent({ connect, connections: MAX_REQUEST_SOCKETS });
  const streams = new Agent({ connect });
  return {
    url: connection.url,
    json: (request) => readJson(wire, requests, request),
    lines: (request) => readLines(wire, streams, request),
    close: async () => {
      closing.abort(closedError(connection.url));
      await Promise.all([requests.destroy(), streams.destroy()]);
    },
  };
}

function httpsUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" && url.username === "" && url.password === "") return url;
  const message =
    "A cluster's address must look like https://host:6443, with https and without user and password in it.";
  throw new KubeError({ code: 400, reason: "BadRequest", message });
}

function tlsOptions(connection: ClusterConnection): Record<string, unknown> {
  return {
    timeout: CONNECT_TIMEOUT_MS,
    rejectUnauthorized: connection.insecure !== true,
    // A bundle may hold the server's own certificate or an intermediate one; Go's clients trust those as well.
    allowPartialTrustChain: true,
    ...(connection.serverName === undefined ? {} : { servername: connection.serverName }),
    ...(connection.caPem === undefined ? {} : { ca: connection.caPem }),
    ...(connection.clientCertPem === undefined ? {} : { cert: connection.clientCertPem }),
    ...(connection.clientKeyPem === undefined ? {} : { key: connection.clientKeyPem }),
  };
}

async function readJson(wire: Wire, agent: Agent, request: HttpRequest): Promise<unknown> {
  const deadline = new Deadline(wire.timeoutMs, [request.signal, wire.closing]);
  const { signal } = deadline;
  try {
    return await whileBusy(signal, async () =>
      answerOf(wire, await send(wire, agent, { request, signal })),
    );
  } catch (error) {
    throw explain(wire, error, deadline);
  } finally {
    deadline.release();
  }
}

async function* readLines(wire: Wire, agent: Agent, request: LinesRequest): AsyncGenerator<string> {
  const deadline = new Deadline(request.areHeadersPrompt ? wire.timeoutMs : undefined, [
    request.signal,
    wire.closing,
  ]);
  try {
    const get: HttpRequest = { method: "GET", ...request };
    const answer = await send(wire, agent, { request: get, signal: deadline.signal });
    if (answer.response.statusCode >= 300) await answerOf(wire, answer);
    deadline.stopClock();
    yield* splitLines(answer.response.body);
  } catch (error) {
    if (request.signal?.aborted === true || wire.closing.aborted) return;
    throw explain(wire, error, deadline);
  } finally {
    deadline.release();
  }
}

type Sending = { readonly request: HttpRequest; readonly signal: AbortSignal };
type Answer = {
  readonly response: Dispatcher.ResponseData;
  readonly path: string;
  readonly token: string | undefined;
};

async function send(wire: Wire, agent: Agent, { request, signal }: Sending): Promise<Answer> {
  const token = checkedToken(await wire.readToken());
  const options: Dispatcher.RequestOptions = {
    origin: wire.origin,
    path: wire.prefix + request.path + queryString(request.query),
    method: request.method,
    headers: headersFor(request, token),
    body: request.body === undefined ? null : JSON.stringify(request.body),
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  try {
    return { response: await agent.request(options), path: request.path, token };
  } catch (error) {
    // A kept-alive socket may be closed by the server just as we write to it; reading twice does no harm.
    if (request.method !== "GET" || signal.aborted || !isCutConnection(error)) throw error;
    return { response: await agent.request(options), path: request.path, token };
  }
}

// The HTTP client would quote the whole header in its own complaint.
function checkedToken(token: string | undefined): string | undefined {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  const message =
    "The token is empty or holds characters no token can hold, such as spaces or line ends.";
  throw new KubeError({ code: 401, reason: "Unauthorized", message });
}

function headersFor(request: HttpRequest, token: string | undefined): Record<string, string> {
  return {
    accept: "application/json",
    "user-agent": "drover",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(request.body === undefined
      ? {}
      : { "content-type": request.contentType ?? "application/json" }),
  };
}

function queryString(query: HttpRequest["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? "" : `?${search.toString()}`;
}

async function answerOf(wire: Wire, { response, path, token }: Answer): Promise<unknown> {
  const text = await readText(wire, response.body);
  const body = parseJson(text);
  if (response.statusCode >= 300) {
    const header = response.headers["retry-after"];
    throw refusal({
      url: wire.url,
      path,
      code: response.statusCode,
      body,
      retryAfter: Array.isArray(header) ? header[0] : header,
      token,
    });
  }
  if (body === undefined) {
    const message = `${wire.url} answered something that is not JSON. Is it a Kubernetes API server?`;
    throw new KubeError({ code: response.statusCode, reason: "BadAnswer", message });
  }
  return body;
}

async function readText(wire: Wire, body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      const message = `${wire.url} answered with more than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB; the answer was dropped.`;
      throw new KubeError({ code: 0, reason: "BadAnswer", message });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(wire: Wire, error: unknown, deadline: Deadline): unknown {
  if (error instanceof KubeError) return error;
  if (deadline.isOver) return timeoutFailure(wire.url, wire.timeoutMs);
  if (deadline.signal.aborted) return deadline.signal.reason;
  return connectionFailure(wire.url, error);
}

function closedError(url: string): KubeError {
  const message = `The connection to ${url} was closed.`;
  return new KubeError({ code: 0, reason: "Closed", message });
}
