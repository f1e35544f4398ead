import type { IncomingMessage } from "node:http";
import { StatusError } from "./status-error.ts";

const LIMIT_BYTES = 3 * 1024 * 1024;

/** The whole request body; refuses what Kubernetes finds too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT_BYTES) {
      throw new StatusError(413, "RequestEntityTooLarge", {
        message: `Request entity too large: limit is ${LIMIT_BYTES}`,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
