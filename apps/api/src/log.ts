import pino from "pino";
import type { DestinationStream, Logger } from "pino";

type LoggedError = {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
};

/** Only what an error says for itself: fields that libraries attach may hold requests, headers and tokens. */
function errorFields(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}

type LoggedRequest = { readonly method: string; readonly url: string; readonly ip?: string };

/** The query stays out: the OAuth server's answer carries its code there. */
function requestFields({ method, url, ip }: LoggedRequest): object {
  return { method, path: url.split("?")[0], address: ip };
}

/** A log of one JSON object per line, without headers, bodies and queries. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: errorFields, req: requestFields } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
