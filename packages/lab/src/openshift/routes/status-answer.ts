import { KubeError } from "@drover/kube";
import type { ExtraRequest } from "../../apiserver/api-server-options.ts";

/** A refusal that becomes a Status object. */
export class Refused extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export function sendObject(request: ExtraRequest, body: object, code = 200): void {
  const text = JSON.stringify(body);
  request.response.writeHead(code, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-cache, private",
  });
  request.response.end(text);
}

export function sendSuccess(request: ExtraRequest, details: object = {}): void {
  sendObject(request, {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details,
  });
}

function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof KubeError && error.code >= 400) {
    return new Refused(error.code, error.reason, error.message);
  }
  throw error;
}

/** Runs a handler; what it refuses is answered with a Status, as the API server's own resources do. */
export function answering(
  handle: (request: ExtraRequest) => Promise<void>,
): (request: ExtraRequest) => Promise<void> {
  return async (request) => {
    try {
      await handle(request);
    } catch (error) {
      const { code, reason, message } = refusalOf(error);
      const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" };
      sendObject(request, { ...status, message, reason, code }, code);
    }
  };
}

export function methodNotAllowed(request: ExtraRequest): Refused {
  const message = `${request.incoming.method} is not allowed on ${request.url.pathname}.`;
  return new Refused(405, "MethodNotAllowed", message);
}

const maxBodyBytes = 65_536;

/** A JSON body. */
export async function readJson(request: Pick<ExtraRequest, "incoming">): Promise<unknown> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request.incoming as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBodyBytes) {
      throw new Refused(413, "RequestEntityTooLarge", `The body is over ${maxBodyBytes} bytes.`);
    }
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch (error) {
    const refused = new Refused(400, "BadRequest", "The body is not JSON.");
    refused.cause = error;
    throw refused;
  }
}
