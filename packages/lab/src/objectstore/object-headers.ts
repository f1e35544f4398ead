import type { Precondition } from "./bucket-store.ts";
import type { ObjectFacts } from "./object-file.ts";
import { S3Error } from "./s3-error.ts";
import { header, type S3Request } from "./s3-request.ts";

const kept = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-language",
  "expires",
];

/** The headers a client wants back with its object. */
export function keptHeaders(request: S3Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of kept) {
    const value = header(request, name);
    if (value !== undefined) headers[name] = value;
  }
  const encoding = (header(request, "content-encoding") ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked");
  if (encoding.length > 0) headers["content-encoding"] = encoding.join(",");
  for (const name of Object.keys(request.message.headers)) {
    if (name.startsWith("x-amz-meta-")) headers[name] = header(request, name) ?? "";
  }
  return headers;
}

export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function unquoted(etag: string): string {
  return etag.trim().replace(/^"|"$/g, "");
}

function namesEtag(list: string, etag: string): boolean {
  return list.split(",").some((item) => item.trim() === "*" || unquoted(item) === etag);
}

function refused(name: string): S3Error {
  return new S3Error("PreconditionFailed", `The object does not meet the condition in ${name}.`);
}

/** The `If-Match` and `If-None-Match` of a write. */
export function writePrecondition(request: S3Request): Precondition {
  const match = header(request, "if-match");
  const noneMatch = header(request, "if-none-match");
  return (existing) => {
    if (noneMatch !== undefined && existing && namesEtag(noneMatch, existing.etag)) {
      throw refused("If-None-Match");
    }
    if (match === undefined) return;
    if (existing === undefined) throw new S3Error("NoSuchKey", "There is no object to match.");
    if (!namesEtag(match, existing.etag)) throw refused("If-Match");
  };
}

/** The conditions of a read; true when the client's copy is still good (304). */
export function isUnchanged(request: S3Request, facts: ObjectFacts, prefix = ""): boolean {
  const match = header(request, `${prefix}if-match`);
  if (match !== undefined && !namesEtag(match, facts.etag)) throw refused("If-Match");
  const modified = Math.floor(Date.parse(facts.modified) / 1000) * 1000;
  const notAfter = header(request, `${prefix}if-unmodified-since`);
  if (match === undefined && notAfter !== undefined && modified > Date.parse(notAfter)) {
    throw refused("If-Unmodified-Since");
  }
  const noneMatch = header(request, `${prefix}if-none-match`);
  if (noneMatch !== undefined) return namesEtag(noneMatch, facts.etag);
  const since = header(request, `${prefix}if-modified-since`);
  return since !== undefined && modified <= Date.parse(since);
}

export type ByteRange = { readonly start: number; readonly end: number };

/** The one range asked for, ends included; undefined for the whole object. Ranges S3 ignores are ignored. */
export function parseRange(value: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/.exec(value ?? "");
  if (match === null) return undefined;
  const [, first, last, suffix] = match;
  const start = first === undefined ? Math.max(0, sizeBytes - Number(suffix)) : Number(first);
  const end = last ? Math.min(Number(last), sizeBytes - 1) : sizeBytes - 1;
  if (last && Number(last) < start) return undefined;
  if (start >= sizeBytes) {
    throw new S3Error("InvalidRange", `The range lies outside the object's ${sizeBytes} bytes.`);
  }
  return { start, end };
}
