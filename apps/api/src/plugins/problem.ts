import type { Problem, ProblemCode } from "@drover/contract";
import { KubeError } from "@drover/kube";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { AppError, statusOfCode } from "../app-error.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Why the request failed; the audit trail quotes it. */
    problem: Problem | null;
  }
}

const titles: Record<ProblemCode, string> = {
  INVALID: "The request is not valid",
  UNAUTHENTICATED: "Not signed in",
  FORBIDDEN: "Not allowed",
  NOT_FOUND: "Not found",
  CONFLICT: "Not possible now",
  TOO_LARGE: "Too large",
  UNSUPPORTED_MEDIA_TYPE: "Not JSON",
  RATE_LIMITED: "Too many requests",
  CLUSTER_UNREACHABLE: "Cluster unreachable",
  CLUSTER_REFUSED: "Cluster refused",
  NOT_READY: "Not ready",
  INTERNAL: "Something went wrong",
};

/** What a cluster's refusal means to the person who asked. */
function appErrorFromKube(error: KubeError): AppError {
  const code = codeOfKube(error);
  const errors = error.fields.flatMap(({ field, message }) =>
    field === undefined ? [] : [{ field, message }],
  );
  return new AppError(code, error.message, { cause: error, errors });
}

function codeOfKube(error: KubeError): ProblemCode {
  if (error.isForbidden) return "FORBIDDEN";
  if (error.isUnauthorized) return "CLUSTER_REFUSED";
  if (error.isNotFound) return "NOT_FOUND";
  if (error.code === 409) return "CONFLICT";
  if (error.isInvalid) return "INVALID";
  return error.code === 0 || error.isTransient ? "CLUSTER_UNREACHABLE" : "CLUSTER_REFUSED";
}

function validationProblem(error: FastifyError): AppError | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const errors = error.validation.map((issue) => ({
    field: issue.instancePath.replace(/^\//, "").replaceAll("/", "."),
    message: issue.message ?? "Not valid.",
  }));
  const first = errors[0];
  const place = first === undefined || first.field === "" ? "" : `${first.field}: `;
  return new AppError("INVALID", `${place}${first?.message ?? "The request is not valid."}`, {
    cause: error,
    errors,
  });
}

const codesOfStatus: Readonly<Record<number, ProblemCode>> = {
  400: "INVALID",
  404: "NOT_FOUND",
  413: "TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "RATE_LIMITED",
};

const sentences: Partial<Record<ProblemCode, string>> = {
  INVALID: "The request could not be read. Check its address, and send well-formed JSON.",
  TOO_LARGE: "The request is larger than 1 MiB.",
  UNSUPPORTED_MEDIA_TYPE: "Send the body as application/json.",
  RATE_LIMITED: "Too many requests in a short time. Wait a minute and try again.",
};

function appErrorFrom(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof KubeError) return appErrorFromKube(error);
  const fastifyError = error as FastifyError;
  const validation = validationProblem(fastifyError);
  if (validation !== undefined) return validation;
  const code = codesOfStatus[fastifyError.statusCode ?? 500];
  if (code !== undefined)
    return new AppError(code, sentences[code] ?? fastifyError.message, { cause: error });
  return new AppError(
    "INTERNAL",
    "The server could not finish this. Quote the request id when you report it.",
    {
      cause: error,
    },
  );
}

function problemFrom(error: AppError, requestId: string): Problem {
  return {
    type: "about:blank",
    title: titles[error.code],
    status: statusOfCode[error.code],
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.errors.length === 0 ? {} : { errors: [...error.errors] }),
  };
}

function logFailure(request: FastifyRequest, error: AppError): void {
  if (error.code === "INTERNAL") request.log.error({ err: error.cause ?? error }, "request failed");
  else request.log.info({ code: error.code }, error.message);
}

/** Answers with problem+json (RFC 9457) and remembers it for the audit trail. */
export function answerProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = appErrorFrom(thrown);
  logFailure(request, error);
  const problem = problemFrom(error, request.id);
  request.problem = problem;
  return reply
    .code(problem.status)
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problem);
}

/** Every answer that is not a success is a problem. */
export function installProblems(app: FastifyInstance): void {
  app.decorateRequest("problem", null);
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request) => {
    throw new AppError("NOT_FOUND", `There is no ${request.method} ${request.url.split("?")[0]}.`);
  });
}
