import type { ServerResponse } from "node:http";
import type { StatusError } from "./status-error.ts";

/** What a handler gives back; `streamed` when it wrote the response itself. */
export type Answer =
  | { readonly kind: "json"; readonly code: number; readonly json: string }
  | { readonly kind: "text"; readonly code: number; readonly text: string }
  | {
      readonly kind: "binary";
      readonly code: number;
      readonly type: string;
      readonly bytes: Buffer;
    }
  | { readonly kind: "streamed" };

export const STREAMED: Answer = { kind: "streamed" };

export function jsonAnswer(body: unknown, code = 200): Answer {
  return { kind: "json", code, json: JSON.stringify(body) };
}

export function textAnswer(text: string, code = 200): Answer {
  return { kind: "text", code, text };
}

/** Kubernetes' answer to a path nobody serves. */
export const NO_SUCH_PATH: Answer = textAnswer("404 page not found\n", 404);

export function writeAnswer(response: ServerResponse, answer: Answer): void {
  if (answer.kind === "streamed") return;
  const [type, content] = contentOf(answer);
  response.writeHead(answer.code, {
    "content-type": type,
    "content-length": Buffer.byteLength(content),
    "cache-control": "no-cache, private",
  });
  response.end(content);
}

function contentOf(answer: Exclude<Answer, { kind: "streamed" }>): [string, string | Buffer] {
  switch (answer.kind) {
    case "json":
      return ["application/json", answer.json];
    case "text":
      return ["text/plain; charset=utf-8", answer.text];
    case "binary":
      return [answer.type, answer.bytes];
  }
}

export function writeError(response: ServerResponse, error: StatusError): void {
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  writeAnswer(response, jsonAnswer(error.body(), error.code));
}
