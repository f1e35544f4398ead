/** One thing the server found wrong with a field of a refused object. */
export type KubeErrorCause = {
  readonly field?: string;
  readonly reason?: string;
  readonly message: string;
};

export type KubeErrorDetails = {
  /** The HTTP status; 0 when no answer came. */
  readonly code: number;
  /**
   * The server's reason (`NotFound`, `Conflict`, …), or ours when no server spoke:
   * `Unreachable`, `Timeout`, `CertificateNotTrusted`, `BadAnswer`, `BadRequest`, `Closed`.
   */
  readonly reason: string;
  readonly message: string;
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  readonly fields?: readonly KubeErrorCause[];
};

const TRANSIENT_CODES = new Set([408, 429, 500, 502, 503, 504]);
const TRANSIENT_REASONS = new Set(["Unreachable", "Timeout"]);

/** What a cluster refused, or why it could not be asked. The message is fit for people: no headers, bodies or tokens. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly code: number;
  readonly reason: string;
  /** How long the server asked us to wait before the next try. */
  readonly retryAfterMs: number | undefined;
  /** Which fields a refused object (422) has to mend. */
  readonly fields: readonly KubeErrorCause[];

  constructor(details: KubeErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.reason = details.reason;
    this.retryAfterMs = details.retryAfterMs;
    this.fields = details.fields ?? [];
  }

  get isNotFound(): boolean {
    return this.code === 404;
  }
  /** Someone else changed the object first: read it again and repeat. */
  get isConflict(): boolean {
    return this.code === 409 && this.reason !== "AlreadyExists";
  }
  get isAlreadyExists(): boolean {
    return this.code === 409 && this.reason === "AlreadyExists";
  }
  get isUnauthorized(): boolean {
    return this.code === 401;
  }
  get isForbidden(): boolean {
    return this.code === 403;
  }
  get isInvalid(): boolean {
    return this.code === 422 || this.code === 400;
  }
  /** The version or continue token is too old: list again. */
  get isGone(): boolean {
    return this.code === 410;
  }
  /** True when the same request may well succeed later, unchanged. */
  get isTransient(): boolean {
    return this.code === 0 ? TRANSIENT_REASONS.has(this.reason) : TRANSIENT_CODES.has(this.code);
  }
  get isCertificateNotTrusted(): boolean {
    return this.reason === "CertificateNotTrusted";
  }
}
