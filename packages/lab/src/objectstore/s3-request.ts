import type { IncomingMessage } from "node:http";
import { S3Error } from "./s3-error.ts";

/** One request, its address taken apart. `key` is empty for requests about a bucket, `bucket` for those about the account. */
export type S3Request = {
  readonly method: string;
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly message: IncomingMessage;
};

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    const wrong = new S3Error(
      "InvalidURI",
      `Cannot parse the URI: "${text}" is not valid encoding.`,
    );
    wrong.cause = error;
    throw wrong;
  }
}

export function parseRequest(message: IncomingMessage): S3Request {
  const url = message.url ?? "/";
  const mark = url.indexOf("?");
  const path = decode(mark < 0 ? url : url.slice(0, mark));
  const query = new Map<string, string>();
  for (const part of mark < 0 ? [] : url.slice(mark + 1).split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? "" : part.slice(equals + 1);
    query.set(decode(name.replaceAll("+", " ")), decode(value.replaceAll("+", " ")));
  }
  const slash = path.indexOf("/", 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error("KeyTooLongError", "The key is longer than 1024 bytes.");
  }
  return { method: message.method ?? "GET", path, bucket, key, query, message };
}

/** A header with a single value. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.message.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
