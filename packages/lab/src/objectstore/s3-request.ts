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

/** `before` and `after` the first separator; the second is empty when there is none. */
function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function parseQuery(text: string): ReadonlyMap<string, string> {
  const parts = text.split("&").filter((part) => part !== "");
  return new Map(
    parts.map((part) => {
      const [name, value] = cut(part.replaceAll("+", " "), "=");
      return [decode(name), decode(value)];
    }),
  );
}

export function parseRequest(message: IncomingMessage): S3Request {
  const [rawPath, rawQuery] = cut(message.url ?? "/", "?");
  const path = decode(rawPath);
  const [bucket, key] = cut(path.slice(1), "/");
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error("KeyTooLongError", "The key is longer than 1024 bytes.");
  }
  const query = parseQuery(rawQuery);
  return { method: message.method ?? "GET", path, bucket, key, query, message };
}

/** A header with a single value. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.message.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
