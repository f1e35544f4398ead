import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export type Encoding = "br" | "gzip" | "identity";

/** One file of the console, compressed once and kept. */
export type Asset = {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  /** Of pages only: allows exactly the inline scripts the page holds. */
  readonly contentSecurityPolicy: string | undefined;
  readonly bodyFor: (encoding: Encoding) => Promise<Buffer>;
  readonly isCompressible: boolean;
};

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};

const compressible = new Set([".html", ".js", ".css", ".json", ".txt", ".svg", ".webmanifest"]);
const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

function compress(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === "br")
    return compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return encoding === "gzip" ? compressGzip(body, { level: 9 }) : Promise.resolve(body);
}

function pagePolicy(html: string): string {
  const hashes = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'self'",
    ["script-src 'self'", ...new Set(hashes)].join(" "),
    // PatternFly places popovers with style attributes, which no hash can allow.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Names with a hash in them never change; everything else is asked for again and answered with 304. */
function cacheControlOf(path: string): string {
  return path.startsWith("_next/static/") ? "public, max-age=31536000, immutable" : "no-cache";
}

export function readAsset(root: string, path: string): Asset {
  const body = readFileSync(`${root}/${path}`);
  const extension = extname(path);
  const encoded = new Map<Encoding, Promise<Buffer>>();
  return {
    type: types[extension] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 27)}"`,
    cacheControl: cacheControlOf(path),
    contentSecurityPolicy: extension === ".html" ? pagePolicy(body.toString("utf8")) : undefined,
    isCompressible: compressible.has(extension),
    bodyFor: (encoding) => {
      const known = encoded.get(encoding) ?? compress(body, encoding);
      encoded.set(encoding, known);
      return known;
    },
  };
}
