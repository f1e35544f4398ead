import { z } from "zod";

/** Every reason the API gives for not doing what was asked. */
export const ProblemCode = z.enum([
  "INVALID",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "CONFLICT",
  "TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "RATE_LIMITED",
  "CLUSTER_UNREACHABLE",
  "CLUSTER_REFUSED",
  "NOT_READY",
  "INTERNAL",
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** One field that is wrong, and what would be right. `field` is a dotted path into the body. */
export const FieldProblem = z.object({ field: z.string(), message: z.string() });
export type FieldProblem = z.infer<typeof FieldProblem>;

/** RFC 9457 problem details; the body of every answer that is not a success (`application/problem+json`). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: ProblemCode,
  requestId: z.string(),
  errors: z.array(FieldProblem).optional(),
});
export type Problem = z.infer<typeof Problem>;
