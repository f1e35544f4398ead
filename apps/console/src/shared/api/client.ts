import type { FieldProblem, Problem, ProblemCode } from "@drover/contract";

/** What the API answered instead of success; `message` is fit for the screen. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly fields: readonly FieldProblem[];

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.fields = problem.errors ?? [];
  }
}

let csrfToken = "";

/** Keeps the token that every changing request carries; set when the session is read. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

async function problemFrom(response: Response): Promise<ProblemError> {
  if (response.headers.get("content-type")?.startsWith("application/problem+json"))
    return new ProblemError((await response.json()) as Problem);
  return new ProblemError({
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    detail: `The Drover server answered ${String(response.status)} without saying why.`,
    code: "INTERNAL",
    requestId: response.headers.get("x-request-id") ?? "unknown",
  });
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const changes = method !== "GET";
  const response = await fetch(`/api${path}`, {
    method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(changes && { "x-csrf-token": csrfToken }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await problemFrom(response);
  return response;
}

// The answer's type is taken on trust: the same build's server checked it against the contract before it left,
// and checking again would bring the schemas into the first page's JavaScript.
async function json<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** The API, by path below `/api`. Every method throws `ProblemError`, or `TypeError` when the server is away. */
export const api = {
  get: <T>(path: string) => json<T>(request("GET", path)),
  text: async (path: string) => (await request("GET", path)).text(),
  post: <T>(path: string, body: unknown = {}) => json<T>(request("POST", path, body)),
  put: <T>(path: string, body: unknown) => json<T>(request("PUT", path, body)),
  patch: <T>(path: string, body: unknown) => json<T>(request("PATCH", path, body)),
  delete: <T>(path: string) => json<T>(request("DELETE", path)),
};

/** The sentence to show for anything thrown by the API or by the way to it. */
export function errorSentence(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  if (error instanceof TypeError)
    return "The Drover server cannot be reached. Check that it is running, then try again.";
  return error instanceof Error ? error.message : String(error);
}
