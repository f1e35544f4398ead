import { Agent, createServer, request as httpsRequest } from "node:https";
import type { Server } from "node:https";
import type { IncomingMessage, RequestOptions, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExtraRoute } from "../apiserver/api-server-options.ts";
import type { UserInfo } from "../apiserver/auth/user-info.ts";
import { refuse } from "./refusal.ts";

export type FrontOptions = {
  /** 0 for any free port. */
  readonly port: number;
  readonly tls: { readonly certPem: string; readonly keyPem: string };
  /** The kube-apiserver behind, and what it is verified with. */
  readonly target: { readonly url: string; readonly caPem: string };
  /** Paths that are answered here. */
  readonly routes: readonly ExtraRoute[];
  /** Whose token it is, as the server behind says; undefined when nobody's. */
  readonly reviewToken: (token: string) => Promise<UserInfo | undefined>;
};

export type Front = { readonly url: string; readonly port: number; close(): Promise<void> };

const nobody: UserInfo = { username: "system:anonymous", groups: ["system:unauthenticated"] };

/**
 * Stands before a kube-apiserver at the address people use, and adds what OpenShift's has beyond stored objects. All
 * else passes through as it is, streams included.
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const agent = new Agent({ keepAlive: true, ca: options.target.caPem });
  const { certPem, keyPem } = options.tls;
  const server = createServer({ cert: certPem, key: keyPem }, (incoming, response) => {
    answer(options, agent, { incoming, response }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, error instanceof Error ? error.message : String(error));
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

async function answer(options: FrontOptions, agent: Agent, exchange: Exchange): Promise<void> {
  const { incoming, response } = exchange;
  const url = new URL(incoming.url ?? "/", "https://lab");
  const route = options.routes.find(({ prefix }) => isBelow(prefix, url.pathname));
  if (route === undefined) return pass(options, agent, exchange);
  if ("impersonate-user" in incoming.headers) {
    return refuse(response, 403, `${url.pathname} is not answered for somebody else.`);
  }
  const user = await userOf(options, incoming);
  if (user === undefined) return refuse(response, 401, "Unauthorized");
  const isSignedIn = user.groups.includes("system:authenticated");
  if (route.access !== "anyone" && !isSignedIn) {
    return refuse(response, 403, `${user.username} may not read ${url.pathname}.`);
  }
  await route.handle({ incoming, response, url, user });
}

function isBelow(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(`${prefix.replace(/\/$/, "")}/`);
}

/** Undefined when there is a token and it is nobody's. */
async function userOf(
  { reviewToken }: FrontOptions,
  incoming: IncomingMessage,
): Promise<UserInfo | undefined> {
  const { authorization } = incoming.headers;
  if (authorization === undefined) return nobody;
  const token = /^Bearer\s+(\S+)\s*$/i.exec(authorization)?.[1];
  return token === undefined ? undefined : reviewToken(token);
}

function pass({ target }: FrontOptions, agent: Agent, { incoming, response }: Exchange): void {
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
    if (response.headersSent) response.destroy();
    else refuse(response, 503, `kube-apiserver does not answer: ${error.message}`);
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
