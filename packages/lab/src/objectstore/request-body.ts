import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Authentication } from "./authenticate.ts";
import { isChecksumHeader, startChecksum, type Checksum } from "./checksum.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { S3Error } from "./s3-error.ts";
import { header, type S3Request } from "./s3-request.ts";

/** What is known of a body once it has been read to its end and every promise its sender made was checked. */
export type BodyFacts = {
  readonly sizeBytes: number;
  readonly md5: Buffer;
  readonly checksums: Readonly<Record<string, string>>;
};

/** A body to be read once; `facts` may be called after the last piece and throws when a digest differs. */
export type RequestBody = { pieces(): AsyncIterable<Buffer>; facts(): BodyFacts };

function openStream(request: S3Request, authentication: Authentication): Readable {
  const { payloadHash } = authentication;
  if (!payloadHash.startsWith("STREAMING-")) return request.message;
  const declared = Number(header(request, "x-amz-decoded-content-length"));
  if (!Number.isSafeInteger(declared) || declared < 0) {
    throw new S3Error("MissingContentLength", "x-amz-decoded-content-length is missing.");
  }
  const signed = payloadHash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
  const unsigned = payloadHash === "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  if (!signed && !unsigned) {
    throw new S3Error("NotImplemented", `This store does not read ${payloadHash} bodies.`);
  }
  const decoded = new ChunkedBody({ authentication, signed, declaredLength: declared });
  request.message.once("error", (error) => decoded.destroy(error));
  return request.message.pipe(decoded);
}

function promisedChecksums(request: S3Request): Checksum[] {
  const named = Object.keys(request.message.headers).filter(isChecksumHeader);
  const trailing = (header(request, "x-amz-trailer") ?? "").split(",").map((name) => name.trim());
  return [...named, ...trailing.filter(isChecksumHeader)].map(startChecksum);
}

function checkPromises(
  request: S3Request,
  promised: Readonly<Record<string, string | undefined>>,
  actual: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(promised)) {
    if (value === undefined || actual[name] === value) continue;
    const code = name === "x-amz-content-sha256" ? "XAmzContentSHA256Mismatch" : "BadDigest";
    throw new S3Error(
      code,
      `The body of ${request.path} does not have the ${name} it was sent with.`,
    );
  }
}

export function readBody(request: S3Request, authentication: Authentication): RequestBody {
  const stream = openStream(request, authentication);
  const checksums = promisedChecksums(request);
  const md5 = createHash("md5");
  const sha256 = /^[0-9a-f]{64}$/.test(authentication.payloadHash)
    ? createHash("sha256")
    : undefined;
  let sizeBytes = 0;
  return {
    async *pieces() {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        sizeBytes += piece.length;
        md5.update(piece);
        sha256?.update(piece);
        for (const checksum of checksums) checksum.update(piece);
        yield piece;
      }
      if (!request.message.complete) {
        throw new S3Error("IncompleteBody", "The connection ended before the body did.");
      }
    },
    facts() {
      const digest = md5.digest();
      const sums = Object.fromEntries(checksums.map((sum) => [sum.header, sum.digest()]));
      const trailers = stream instanceof ChunkedBody ? stream.trailers : new Map<string, string>();
      const promised = Object.keys(sums).map(
        (name) => [name, header(request, name) ?? trailers.get(name) ?? ""] as const,
      );
      checkPromises(
        request,
        {
          ...Object.fromEntries(promised),
          "content-md5": header(request, "content-md5"),
          ...(sha256 === undefined ? {} : { "x-amz-content-sha256": authentication.payloadHash }),
        },
        {
          ...sums,
          "content-md5": digest.toString("base64"),
          "x-amz-content-sha256": sha256?.digest("hex") ?? "",
        },
      );
      return { sizeBytes, md5: digest, checksums: sums };
    },
  };
}

/** A small document sent as the body. */
export async function readText(body: RequestBody, maxBytes = 2 * 1024 * 1024): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body.pieces()) {
    size += piece.length;
    if (size > maxBytes) {
      throw new S3Error("MaxMessageLengthExceeded", `The document is over ${maxBytes} bytes.`);
    }
    pieces.push(piece);
  }
  body.facts();
  return Buffer.concat(pieces).toString("utf8");
}
