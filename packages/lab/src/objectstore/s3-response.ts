import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./s3-request.ts";
import { document, tag } from "./xml.ts";

export type Headers = Readonly<Record<string, string>>;

export function respondXml(response: ServerResponse, body: string, headers: Headers = {}): void {
  response.writeHead(200, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function respondEmpty(
  response: ServerResponse,
  status: number,
  headers: Headers = {},
): void {
  response.writeHead(status, status === 200 ? { "content-length": "0", ...headers } : headers);
  response.end();
}

export function markResponse(response: ServerResponse): string {
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  response.setHeader("x-amz-request-id", requestId);
  response.setHeader("server", "DroverLab");
  return requestId;
}

/** Answers with S3's error document; a response already under way is cut instead, so that nobody takes it for whole. */
export function respondError(
  response: ServerResponse,
  request: Pick<S3Request, "method" | "path">,
  error: unknown,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known =
    error instanceof S3Error
      ? error
      : new S3Error("InternalError", "The store failed. Its log has the reason.");
  const body = document(
    "Error",
    tag("Code", known.code) +
      tag("Message", known.message) +
      tag("Resource", request.path) +
      tag("RequestId", String(response.getHeader("x-amz-request-id") ?? "")),
  );
  response.writeHead(known.status, {
    "content-type": "application/xml",
    "content-length": Buffer.byteLength(body),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
