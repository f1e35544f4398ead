import type { S3Target } from "./s3-target.ts";

export type ProbeAction = "write" | "read" | "delete";

type Attempt = { readonly action: ProbeAction; readonly target: S3Target };

const CERTIFICATE_CODES = [
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
];

type Sentence = (attempt: Attempt) => string;

/** By the name of the S3 error. None of these sentences holds a key or a secret. */
const BY_NAME: Readonly<Record<string, Sentence>> = {
  NoSuchBucket: ({ target }) =>
    `There is no bucket ${target.bucket} at ${placeOf(target)}. Create it, or correct awsBucketName.`,
  InvalidAccessKeyId: ({ target }) =>
    `${placeOf(target)} does not know the access key. Check aws-access-key-id in the Secret.`,
  SignatureDoesNotMatch: ({ target }) =>
    `${placeOf(target)} refuses the signature: the secret key does not belong to the access key. Check aws-secret-access-key in the Secret.`,
  AccessDenied: ({ action, target }) =>
    `The access key may not ${action} objects in bucket ${target.bucket}. Allow it to put, get, delete and list objects there.`,
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  RequestTimeTooSkewed: ({ target }) =>
    `${placeOf(target)} refuses the request, since its clock and this one differ too much. Set both by NTP.`,
  ContentDiffers: ({ target }) =>
    `Bucket ${target.bucket} gave back other bytes than were written. Do not use it: backups in it cannot be trusted.`,
  InvalidBucketName: ({ target }) => `${target.bucket} is not a valid name of a bucket.`,
  TimeoutError: unreachable("no answer in time"),
};

/** By the code of a failed connection. */
const BY_CODE: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: unreachable("nothing listens there"),
  ENOTFOUND: unreachable("the host name is not known"),
  EAI_AGAIN: unreachable("the host name could not be looked up"),
  EHOSTUNREACH: unreachable("there is no route to it"),
  ENETUNREACH: unreachable("there is no route to it"),
  ECONNRESET: unreachable("the connection was cut"),
  ETIMEDOUT: unreachable("no connection in time"),
  EPROTO: unreachable("it does not speak TLS; is http:// meant?"),
};

/** Why the probe did not succeed, and what to do. */
export function probeFailure(error: unknown, attempt: Attempt): string {
  const { name, code, status, message } = factsOf(error);
  if (CERTIFICATE_CODES.includes(code)) return certificateSentence(code, attempt.target);
  const sentence = BY_NAME[name] ?? BY_NAME[code] ?? BY_CODE[code] ?? byStatus(status);
  if (sentence) return sentence(attempt);
  const { action, target } = attempt;
  return `A probe could not ${action} an object in bucket ${target.bucket} at ${placeOf(target)}: ${message || name}.`;
}

function byStatus(status: number): Sentence | undefined {
  if (status === 403) return BY_NAME["AccessDenied"];
  if (status === 404) return BY_NAME["NoSuchBucket"];
  if (status === 301) return wrongRegion;
  if (status < 500) return undefined;
  return ({ target }) => `${placeOf(target)} answers HTTP ${status}; it has a problem of its own.`;
}

function wrongRegion({ target }: Attempt): string {
  return `Bucket ${target.bucket} is not in region ${target.region}. Correct awsRegion.`;
}

function unreachable(why: string): Sentence {
  return ({ target }) =>
    `${placeOf(target)} cannot be reached: ${why}. Check awsS3Url, and that the store is up.`;
}

function certificateSentence(code: string, target: S3Target): string {
  const place = `The certificate of ${placeOf(target)}`;
  if (code === "CERT_HAS_EXPIRED") return `${place} has expired. Renew it.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `${place} was made for another address. Use the address it names as awsS3Url.`;
  }
  const bundle = target.caPem
    ? "s3CustomCABundle is not the CA that signed it."
    : "It seems to be self-signed.";
  return `${place} is not trusted. ${bundle} Give its CA as s3CustomCABundle, or set insecure.`;
}

function placeOf({ endpoint, region }: S3Target): string {
  return endpoint ?? `S3 in region ${region}`;
}

type Facts = {
  readonly name: string;
  readonly code: string;
  readonly status: number;
  readonly message: string;
};

function factsOf(error: unknown): Facts {
  if (typeof error !== "object" || error === null) {
    return { name: "", code: "", status: 0, message: String(error) };
  }
  const { name, code, message, $metadata, cause, errors } = error as Record<string, unknown>;
  const inner = codeOf(Array.isArray(errors) ? errors[0] : cause);
  const status = ($metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  return {
    name: typeof name === "string" ? name : "",
    code: typeof code === "string" ? code : inner,
    status: typeof status === "number" ? status : 0,
    message: typeof message === "string" ? message : "",
  };
}

function codeOf(value: unknown): string {
  if (typeof value !== "object" || value === null || !("code" in value)) return "";
  return typeof value.code === "string" ? value.code : "";
}
