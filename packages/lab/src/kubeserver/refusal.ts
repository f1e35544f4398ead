import type { ServerResponse } from "node:http";

const reasons: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  500: "InternalError",
  503: "ServiceUnavailable",
};

/** Answers with a Status, as the API server behind would. */
export function refuse(response: ServerResponse, code: number, message: string): void {
  response.writeHead(code, { "content-type": "application/json" });
  const head = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure" };
  response.end(JSON.stringify({ ...head, message, reason: reasons[code] ?? "", code }));
}
