import { createHash, createHmac } from "node:crypto";

/** What AWS Signature Version 4 signs of a request. `path` and `query` are decoded. */
export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** The signed headers, lower-case names, in the order of their names. */
  readonly headers: readonly (readonly [string, string])[];
  readonly payloadHash: string;
};

export const emptyHash = sha256Hex("");

export function sha256Hex(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

export function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** Percent-encoding as the signature wants it: everything but unreserved characters. */
function awsEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `awsEncode` that leaves the slashes between path segments. */
export function awsEncodePath(path: string): string {
  return path.split("/").map(awsEncode).join("/");
}

function canonicalRequest(request: SignedRequest): string {
  const query = request.query
    .map(([name, value]) => [awsEncode(name), awsEncode(value)] as const)
    .sort(([a, av], [b, bv]) => (a === b ? compare(av, bv) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return [
    request.method,
    awsEncodePath(request.path),
    query,
    ...request.headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    request.headers.map(([name]) => name).join(";"),
    request.payloadHash,
  ].join("\n");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** `scope` is `<day>/<region>/<service>/aws4_request`. */
export function signingKey(secretKey: string, scope: string): Buffer {
  return scope.split("/").reduce<Buffer>(hmac, Buffer.from(`AWS4${secretKey}`));
}

/** The signature in hex. `date` is the request's `x-amz-date`. */
export function sign(
  request: SignedRequest,
  { key, scope, date }: { key: Buffer; scope: string; date: string },
): string {
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256Hex(canonicalRequest(request))].join("\n");
  return hmac(key, text).toString("hex");
}

export type PresignInput = {
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
  readonly method?: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly expiresSeconds: number;
  readonly now?: Date;
};

/** A path-style URL that lets whoever holds it make this one request until it expires. */
export function presignedUrl(input: PresignInput): string {
  const endpoint = new URL(input.endpoint);
  const date = (input.now ?? new Date()).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${date.slice(0, 8)}/${input.region}/s3/aws4_request`;
  const path = `${endpoint.pathname.replace(/\/$/, "")}/${input.bucket}/${input.key}`;
  const query: [string, string][] = [
    ["X-Amz-Algorithm", "AWS4-HMAC-SHA256"],
    ["X-Amz-Credential", `${input.accessKey}/${scope}`],
    ["X-Amz-Date", date],
    ["X-Amz-Expires", String(input.expiresSeconds)],
    ["X-Amz-SignedHeaders", "host"],
  ];
  const signature = sign(
    {
      method: input.method ?? "GET",
      path,
      query,
      headers: [["host", endpoint.host]],
      payloadHash: "UNSIGNED-PAYLOAD",
    },
    { key: signingKey(input.secretKey, scope), scope, date },
  );
  const search = [...query, ["X-Amz-Signature", signature] as const]
    .map(([name, value]) => `${awsEncode(name)}=${awsEncode(value)}`)
    .join("&");
  return `${endpoint.origin}${awsEncodePath(path)}?${search}`;
}
