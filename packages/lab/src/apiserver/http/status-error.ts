import type { Fields } from "../json.ts";

/** What a Status error body names: the resource, and which object of it. */
export type Subject = { readonly group: string; readonly plural: string; readonly kind: string };

export type Cause = { readonly reason: string; readonly message: string; readonly field: string };

/** A refusal, worded and coded as Kubernetes does it. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Fields | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** A `continue` token to send with the refusal, for expired lists. */
  continueToken: string | undefined;

  constructor(
    code: number,
    reason: string,
    more: { message: string; details?: Fields; cause?: unknown },
  ) {
    super(more.message, { cause: more.cause });
    this.name = "StatusError";
    this.code = code;
    this.reason = reason;
    this.details = more.details;
    const retry = more.details?.["retryAfterSeconds"];
    this.headers = typeof retry === "number" ? { "retry-after": String(retry) } : {};
  }

  /** The `Status` object that goes over the wire. */
  body(): Fields {
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: this.continueToken === undefined ? {} : { continue: this.continueToken },
      status: "Failure",
      message: this.message,
      ...(this.reason === "" ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** `pods` or `deployments.apps`. */
function qualified(subject: Subject): string {
  return subject.group === "" ? subject.plural : `${subject.plural}.${subject.group}`;
}

function detailsOf(subject: Subject, name: string): Fields {
  return {
    ...(name === "" ? {} : { name }),
    ...(subject.group === "" ? {} : { group: subject.group }),
    kind: subject.plural,
  };
}

export function notFound(subject: Subject, name: string): StatusError {
  const message = `${qualified(subject)} "${name}" not found`;
  return new StatusError(404, "NotFound", { message, details: detailsOf(subject, name) });
}

export function alreadyExists(subject: Subject, name: string): StatusError {
  const message = `${qualified(subject)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", { message, details: detailsOf(subject, name) });
}

const MODIFIED =
  "the object has been modified; please apply your changes to the latest version and try again";

export function conflict(subject: Subject, name: string, why: string = MODIFIED): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", { message, details: detailsOf(subject, name) });
}

export function forbidden(subject: Subject, name: string, why: string): StatusError {
  const who = name === "" ? qualified(subject) : `${qualified(subject)} "${name}"`;
  const message = `${who} is forbidden: ${why}`;
  return new StatusError(403, "Forbidden", { message, details: detailsOf(subject, name) });
}

export function invalid(subject: Subject, name: string, causes: readonly Cause[]): StatusError {
  const texts = causes.map((cause) =>
    cause.field === "" ? cause.message : `${cause.field}: ${cause.message}`,
  );
  const unique = [...new Set(texts)];
  const kind = subject.group === "" ? subject.kind : `${subject.kind}.${subject.group}`;
  const list = unique.length === 1 ? unique[0] : `[${unique.join(", ")}]`;
  return new StatusError(422, "Invalid", {
    message: `${kind} "${name}" is invalid: ${list}`,
    details: {
      ...(name === "" ? {} : { name }),
      ...(subject.group === "" ? {} : { group: subject.group }),
      ...(subject.kind === "" ? {} : { kind: subject.kind }),
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    },
  });
}

/** What the body says it is, and what it should be where that is something else. */
type Undecodable = { readonly kind: string; readonly version: string; readonly wanted?: string };

/** A body, or what a patch would make, that is no object of the kind: `text` is the decoder's complaint. */
export class UndecodableError extends StatusError {
  readonly text: string;

  constructor(subject: Undecodable, text: string) {
    const { kind, version, wanted = kind } = subject;
    super(400, "BadRequest", {
      message: `${kind} in version "${version}" cannot be handled as a ${wanted}: ${text}`,
    });
    this.text = text;
  }
}

/** A path below a group the server knows, which nothing is served at. */
export function noSuchResource(): StatusError {
  const message = "the server could not find the requested resource";
  return new StatusError(404, "NotFound", { message, details: {} });
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", { message });
}

/** A resource version that is no number. Kubernetes has no kinder answer. */
export function unreadableVersion(version: string): StatusError {
  const shown = JSON.stringify(version);
  const message = `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`;
  return new StatusError(500, "", { message });
}

export function unauthorized(): StatusError {
  return new StatusError(401, "Unauthorized", { message: "Unauthorized" });
}

export function methodNotAllowed(): StatusError {
  const message = "the server does not allow this method on the requested resource";
  return new StatusError(405, "MethodNotAllowed", { message, details: {} });
}

export function expired(message: string): StatusError {
  return new StatusError(410, "Expired", { message });
}

export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError(429, "TooManyRequests", { message, details: { retryAfterSeconds } });
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`;
  return new StatusError(415, "UnsupportedMediaType", { message });
}

export function internalError(what: string): StatusError {
  return new StatusError(500, "InternalError", {
    message: `Internal error occurred: ${what}`,
    details: { causes: [{ message: what }] },
  });
}

/** What to answer after something was thrown. */
export function asStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return internalError(error instanceof Error ? error.message : "unknown");
}
