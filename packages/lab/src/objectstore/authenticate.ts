import { timingSafeEqual } from "node:crypto";
import { S3Error } from "./s3-error.ts";
import { header, type S3Request } from "./s3-request.ts";
import { sign, signingKey } from "./sigv4.ts";

export type Credentials = { readonly accessKey: string; readonly secretKey: string };

/** What a body that is signed piece by piece goes on from. */
export type Authentication = {
  readonly key: Buffer;
  readonly scope: string;
  readonly date: string;
  readonly signature: string;
  readonly payloadHash: string;
};

type Claim = {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  readonly payloadHash: string;
  /** Seconds, for presigned URLs only. */
  readonly expires?: number;
};

const authorization =
  /^AWS4-HMAC-SHA256 +Credential=([^,\s]+), *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;

function claimFromHeader(request: S3Request, value: string): Claim {
  const match = authorization.exec(value);
  if (match === null) {
    throw new S3Error(
      "AuthorizationHeaderMalformed",
      "The Authorization header is not an AWS4-HMAC-SHA256 one.",
    );
  }
  const [, credential = "", signedHeaders = "", signature = ""] = match;
  const payloadHash = header(request, "x-amz-content-sha256");
  if (payloadHash === undefined) {
    throw new S3Error("InvalidRequest", "The header x-amz-content-sha256 is missing.");
  }
  const date = header(request, "x-amz-date") ?? "";
  return { credential, signedHeaders: signedHeaders.split(";"), signature, date, payloadHash };
}

function claimFromQuery({ query }: S3Request): Claim {
  const expires = Number(query.get("X-Amz-Expires"));
  if (!Number.isInteger(expires) || expires < 1 || expires > 604_800) {
    throw new S3Error(
      "AuthorizationQueryParametersError",
      "X-Amz-Expires must be between 1 and 604800 seconds.",
    );
  }
  return {
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    date: query.get("X-Amz-Date") ?? "",
    payloadHash: "UNSIGNED-PAYLOAD",
    expires,
  };
}

function readClaim(request: S3Request): Claim {
  const value = header(request, "authorization");
  if (value !== undefined) return claimFromHeader(request, value);
  if (request.query.has("X-Amz-Signature")) return claimFromQuery(request);
  throw new S3Error("AccessDenied", "Access denied: the request is not signed.");
}

function checkTime(claim: Claim, now: Date): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.date);
  if (match === null) throw new S3Error("AccessDenied", "The request carries no valid date.");
  const [, year, month, day, hours, minutes, seconds] = match;
  const signedAt = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  const age = now.getTime() - signedAt;
  if (claim.expires !== undefined && age > claim.expires * 1000) {
    throw new S3Error("AccessDenied", "Request has expired.");
  }
  const skewed = claim.expires === undefined ? Math.abs(age) > 900_000 : age < -900_000;
  if (skewed) {
    throw new S3Error(
      "RequestTimeTooSkewed",
      "The request's time and this server's differ by more than 15 minutes. Set the client's clock.",
    );
  }
}

function checkScope(scope: string, claim: Claim): void {
  const parts = scope.split("/");
  const valid = parts.length === 4 && parts[2] === "s3" && parts[3] === "aws4_request";
  if (!valid || parts[0] !== claim.date.slice(0, 8)) {
    throw new S3Error(
      "AuthorizationHeaderMalformed",
      "The credential's scope is not <date>/<region>/s3/aws4_request.",
    );
  }
  if (!claim.signedHeaders.includes("host")) {
    throw new S3Error("AccessDenied", "The host header is not signed.");
  }
}

/** Who signed the request, or an S3Error that says what is wrong with the signature. */
export function authenticate(
  request: S3Request,
  credentials: Credentials,
  now: Date,
): Authentication {
  const claim = readClaim(request);
  const slash = claim.credential.indexOf("/");
  if (claim.credential.slice(0, slash) !== credentials.accessKey) {
    throw new S3Error("InvalidAccessKeyId", "The access key id does not exist in this store.");
  }
  checkTime(claim, now);
  const scope = claim.credential.slice(slash + 1);
  checkScope(scope, claim);
  const key = signingKey(credentials.secretKey, scope);
  const expected = sign(
    {
      method: request.method,
      path: request.path,
      query: [...request.query].filter(([name]) => name !== "X-Amz-Signature"),
      headers: claim.signedHeaders.map((name) => [name, header(request, name) ?? ""]),
      payloadHash: claim.payloadHash,
    },
    { key, scope, date: claim.date },
  );
  if (!sameSignature(expected, claim.signature)) {
    throw new S3Error(
      "SignatureDoesNotMatch",
      "The signature is not the one this store computes. Check the secret access key.",
    );
  }
  const { date, signature, payloadHash } = claim;
  return { key, scope, date, signature, payloadHash };
}

export function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
