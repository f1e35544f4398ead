import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { digestText, parseDigest } from "./digest.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { pulling, pushing } from "./exchange.ts";
import { RegistryError } from "./registry-error.ts";
import { header } from "./registry-request.ts";
import { respondEmpty } from "./registry-response.ts";

type Span = { readonly start: number; readonly end: number };

/** GET and HEAD of a layer or a configuration, whole or in part. */
export const readBlob = pulling(async (exchange) => {
  const { request, response, reference, repository, shelves } = exchange;
  const digest = parseDigest(reference);
  const stored = (await repository.hasLayer(digest))
    ? await shelves.content.find(digest)
    : undefined;
  if (stored === undefined) throw unknownBlob(exchange);
  const { path, sizeBytes } = stored;
  const span = spanOf(header(request, "range"), sizeBytes);
  const { start, end } = span ?? { start: 0, end: sizeBytes - 1 };
  response.writeHead(span === undefined ? 200 : 206, {
    "content-type": "application/octet-stream",
    "content-length": end - start + 1,
    "accept-ranges": "bytes",
    "docker-content-digest": digestText(digest),
    etag: `"${digestText(digest)}"`,
    ...(span === undefined ? {} : { "content-range": `bytes ${start}-${end}/${sizeBytes}` }),
  });
  if (request.method === "HEAD" || sizeBytes === 0) {
    response.end();
    return;
  }
  await pipeline(createReadStream(path, { start, end, highWaterMark: 262_144 }), response);
});

/** Takes the blob out of this repository; what others hold stays. */
export const deleteBlob = pushing(async (exchange) => {
  const isRemoved = await exchange.repository.unlinkLayer(parseDigest(exchange.reference));
  if (!isRemoved) throw unknownBlob(exchange);
  respondEmpty(exchange.response, 202);
});

/** Undefined means everything: without a range, or with one of a sort that may be ignored. */
function spanOf(range: string | undefined, sizeBytes: number): Span | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range ?? "") ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  const span =
    first === ""
      ? { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes - 1 }
      : {
          start: Number(first),
          end: Math.min(last === "" ? Infinity : Number(last), sizeBytes - 1),
        };
  if (span.start <= span.end) return span;
  throw new RegistryError("RANGE_INVALID", `The blob has ${sizeBytes} bytes.`, {
    "content-range": `bytes */${sizeBytes}`,
  });
}

function unknownBlob({ reference }: RepositoryExchange): RegistryError {
  return new RegistryError("BLOB_UNKNOWN", `This repository has no blob ${reference}.`);
}
