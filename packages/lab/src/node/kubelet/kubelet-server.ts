import { once } from "node:events";
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "../../tls/certificate-authority.ts";
import type { ContainerLog } from "../container-log.ts";
import { nameOf, uidOf } from "../kinds/lab-kind.ts";
import { containerStatusesOf } from "../kinds/pod.ts";
import type { Pod } from "../kinds/pod.ts";
import { readLog } from "../log-reader.ts";
import type { LogQuery } from "../log-reader.ts";
import { logKey, logPath } from "./pod-directory.ts";

export type KubeletServerOptions = {
  readonly tls: KeyPair;
  readonly podsDir: string;
  readonly findPod: (namespace: string, name: string) => Pod | undefined;
  readonly liveLogs: ReadonlyMap<string, ContainerLog>;
};

export type KubeletServer = { readonly port: number; close(): Promise<void> };

/** Serves container logs as a kubelet does: `/containerLogs/<namespace>/<pod>/<container>`. */
export async function startKubeletServer(options: KubeletServerOptions): Promise<KubeletServer> {
  const { certPem, keyPem } = options.tls;
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, message);
    });
  });
  server.requestTimeout = 0;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  options: KubeletServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "https://kubelet");
  const [room, namespace = "", name = "", container = ""] = url.pathname
    .slice(1)
    .split("/")
    .map(decodeURIComponent);
  if (room === "healthz") return void response.end("ok");
  if (room !== "containerLogs" || container === "") return refuse(response, 404, "not found");
  const pod = options.findPod(namespace, name);
  if (pod === undefined)
    return refuse(response, 404, `pod ${namespace}/${name} is not on this node`);
  const log = findLog(options, { pod, container, isPrevious: isTrue(url, "previous") });
  if (typeof log === "string") return refuse(response, 400, log);
  await sendLog(log, logQuery(url), response);
}

async function sendLog(log: Found, query: LogQuery, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
  response.flushHeaders();
  for await (const chunk of readLog(log.path, log.live, { ...query, signal: gone.signal })) {
    if (!response.write(chunk)) await once(response, "drain", { signal: gone.signal });
  }
  response.end();
}

type Wanted = { readonly pod: Pod; readonly container: string; readonly isPrevious: boolean };
type Found = { readonly path: string; readonly live: ContainerLog | undefined };

/** Where a log is, or why there is none. */
function findLog(
  options: KubeletServerOptions,
  { pod, container, isPrevious }: Wanted,
): Found | string {
  const status = containerStatusesOf(pod).find(({ name }) => name === container);
  const what = `container "${container}" in pod "${nameOf(pod)}"`;
  if (status === undefined) return `${what} is not available`;
  const live = options.liveLogs.get(logKey(uidOf(pod), container));
  const podDir = join(options.podsDir, uidOf(pod));
  if (live !== undefined && !isPrevious) return { path: live.path, live };
  const path = logPath(podDir, container, status.restartCount - (isPrevious ? 1 : 0));
  if (existsSync(path)) return { path, live: undefined };
  if (isPrevious) return `previous terminated ${what} not found`;
  return `${what} is waiting to start: ${status.state.waiting?.reason ?? "unknown"}`;
}

function logQuery(url: URL): LogQuery {
  const tailLines = count(url, "tailLines");
  const limitBytes = count(url, "limitBytes");
  const sinceSeconds = count(url, "sinceSeconds");
  const sinceTime = url.searchParams.get("sinceTime");
  const sinceMs = sinceSeconds === undefined ? undefined : Date.now() - sinceSeconds * 1000;
  return {
    follow: isTrue(url, "follow"),
    timestamps: isTrue(url, "timestamps"),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(sinceTime === null ? {} : { sinceMs: Date.parse(sinceTime) }),
  };
}

function isTrue(url: URL, name: string): boolean {
  return ["true", "1"].includes(url.searchParams.get(name) ?? "");
}

function count(url: URL, name: string): number | undefined {
  const text = url.searchParams.get(name);
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${message}\n`);
}
