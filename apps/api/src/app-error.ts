import type { FieldProblem, ProblemCode } from "@drover/contract";

export const statusOfCode: Record<ProblemCode, number> = {
  INVALID: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  CLUSTER_UNREACHABLE: 502,
  CLUSTER_REFUSED: 502,
  NOT_READY: 503,
  INTERNAL: 500,
};

type Details = { readonly cause?: unknown; readonly errors?: readonly FieldProblem[] };

/** A refusal with a sentence for the person who asked. */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly FieldProblem[];

  constructor(code: ProblemCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.errors = details.errors ?? [];
  }
}

/** A refusal of one field of the body. */
export function invalidField(field: string, message: string): AppError {
  return new AppError("INVALID", message, { errors: [{ field, message }] });
}
