import { Agent, createServer, request as httpsRequest } from "node:https";
import type { Server } from "node:https";
import type { IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExtraRoute } from "../apiserver/api-server-options.ts";
import { Authenticator } from "../apiserver/auth/authenticator.ts";
import type { TokenReader } from "../apiserver/auth/authenticator.ts";
import { AUTHENTICATED_GROUP } from "../apiserver/auth/user-info.ts";
import { routeOf } from "../apiserver/extra-routes.ts";
import { writeError } from "../apiserver/http/answer.ts";
import { asStatusError, StatusError } from "../apiserver/http/status-error.ts";

export type FrontOptions = {
  /** 0 for any free port. */
  readonly port: number;
  readonly tls: { readonly certPem: string; readonly keyPem: string };
  /** The kube-apiserver behind, and what it is verified with. */
  readonly target: { readonly url: string; readonly caPem: string };
  /** Paths that are answered here. */
  readonly routes: readonly ExtraRoute[];
  /** Whose token it is, as the server behind says; undefined when nobody's. */
  readonly reviewToken: TokenReader;
};

export type Front = { readonly url: string; readonly port: number; close(): Promise<void> };

/**
 * Stands before a kube-apiserver at the address people use, and adds what OpenShift's has beyond stored objects. All
 * else passes through as it is, streams included.
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const agent = new Agent({ keepAlive: true, ca: options.target.caPem });
  const authenticator = new Authenticator([options.reviewToken]);
  const { certPem, keyPem } = options.tls;
  const server = createServer({ cert: certPem, key: keyPem }, (incoming, response) => {
    answer({ ...options, agent, authenticator }, { incoming, response }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else writeError(response, asStatusError(error));
    });
  });
  // Watches are silent for long; nothing but their own timeout ends them.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.keepAliveTimeout = 120_000;
  const port = await listen(server, options.port);
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

type Exchange = { readonly incoming: IncomingMessage; readonly response: ServerResponse };

type Answering = FrontOptions & { readonly agent: Agent; readonly authenticator: Authenticator };

async function answer(front: Answering, exchange: Exchange): Promise<void> {
  const { incoming, response } = exchange;
  const url = new URL(incoming.url ?? "/", "https://lab");
  const route = routeOf(front.routes, url.pathname);
  if (route === undefined) return pass(front, exchange);
  if ("impersonate-user" in incoming.headers) {
    throw refusal(`${url.pathname} is not answered for somebody else.`);
  }
  const user = await front.authenticator.authenticate(incoming);
  if (route.access !== "anyone" && !user.groups.includes(AUTHENTICATED_GROUP)) {
    throw refusal(`${user.username} may not read ${url.pathname}.`);
  }
  await route.handle({ incoming, response, url, user });
}

function refusal(message: string): StatusError {
  return new StatusError(403, "Forbidden", { message });
}

function pass({ target, agent }: Answering, { incoming, response }: Exchange): void {
  const { hostname, port } = new URL(target.url);
  const options: RequestOptions = {
    agent,
    hostname,
    port,
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: withoutHop(incoming.rawHeaders),
  };
  const outgoing = httpsRequest(options, (answered) => {
    response.writeHead(answered.statusCode ?? 502, withoutHop(answered.rawHeaders));
    // A watch has begun when its headers are there, long before its first event.
    response.flushHeaders();
    answered.pipe(response);
    answered.on("error", () => response.destroy());
    answered.on("aborted", () => response.destroy());
  });
  outgoing.on("error", (error) => {
    const message = `kube-apiserver does not answer: ${error.message}`;
    if (response.headersSent) response.destroy();
    else writeError(response, new StatusError(503, "ServiceUnavailable", { message }));
  });
  response.on("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  incoming.pipe(outgoing);
}

const hop = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "te", "trailer"]);

/** The headers meant for the other end: names and values in turn, those given twice kept twice. */
function withoutHop(raw: readonly string[]): string[] {
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name = "", value = ""] = raw.slice(index, index + 2);
    if (!hop.has(name.toLowerCase())) headers.push(name, value);
  }
  return headers;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}
