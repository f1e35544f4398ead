import type { ServerResponse } from "node:http";
import { RegistryError } from "./registry-error.ts";

export type Headers = Readonly<Record<string, string | number>>;

export function respondEmpty(
  response: ServerResponse,
  status: number,
  headers: Headers = {},
): void {
  response.writeHead(status, status === 204 ? headers : { "content-length": 0, ...headers });
  response.end();
}

export function respondJson(response: ServerResponse, value: unknown, headers: Headers = {}): void {
  const body = Buffer.from(JSON.stringify(value));
  const own = { "content-type": "application/json", "content-length": body.length };
  response.writeHead(200, { ...own, ...headers });
  response.end(body);
}

/** Answers with the specification's error document; a response already under way is cut, so that nobody takes it for whole. */
export function respondError(response: ServerResponse, error: unknown, isHead: boolean): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message, status, headers } =
    error instanceof RegistryError
      ? error
      : new RegistryError("UNKNOWN", "The registry failed; the log of its pod has the reason.");
  const body = Buffer.from(JSON.stringify({ errors: [{ code, message }] }));
  const own = { "content-type": "application/json", "content-length": body.length };
  response.writeHead(status, { ...own, ...headers });
  response.end(isHead ? undefined : body);
}
