import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSigned } from "./self-signed.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export type ScriptedServer = {
  readonly url: string;
  readonly caPem: string;
  [Symbol.asyncDispose](): Promise<void>;
};

/** An HTTPS server on a free port of this machine that answers what the test says. */
export async function scriptedServer(answer: Answer): Promise<ScriptedServer> {
  const { certPem, keyPem } = await selfSigned();
  const server = createServer({ cert: certPem, key: keyPem }, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    caPem: certPem,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function answerJson(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** What an API server says when it refuses. */
export function statusBody(code: number, reason: string, message: string): object {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code,
    reason,
    message,
  };
}
