import { pipeline } from "node:stream/promises";
import {
  isUnchanged,
  keptHeaders,
  parseRange,
  quoted,
  writePrecondition,
} from "./object-headers.ts";
import { dataPieces } from "./object-file.ts";
import type { ObjectFacts, OpenObject } from "./object-file.ts";
import type { Exchange, Operation } from "./operation.ts";
import { S3Error } from "./s3-error.ts";
import { header, type S3Request } from "./s3-request.ts";
import { respondEmpty, respondXml, type Headers } from "./s3-response.ts";
import { document, tag } from "./xml.ts";

export const putObject: Operation = async ({ store, request, body, response }) => {
  await store.requireBucket(request.bucket);
  let facts: ObjectFacts | undefined;
  const draft = await store.writeDraft(request.bucket, body.pieces(), () => {
    const { sizeBytes, md5, checksums } = body.facts();
    facts = {
      sizeBytes,
      etag: md5.toString("hex"),
      modified: new Date().toISOString(),
      headers: keptHeaders(request),
      checksums,
    };
    return facts;
  });
  await store.commit(request, draft, writePrecondition(request));
  respondEmpty(response, 200, { etag: quoted(facts?.etag ?? ""), ...facts?.checksums });
};

function objectHeaders(request: S3Request, facts: ObjectFacts): Headers {
  const overrides: Record<string, string> = {};
  for (const [name, value] of request.query) {
    if (name.startsWith("response-")) overrides[name.slice("response-".length)] = value;
  }
  return {
    "content-type": "binary/octet-stream",
    ...facts.headers,
    ...overrides,
    etag: quoted(facts.etag),
    "last-modified": new Date(facts.modified).toUTCString(),
    "accept-ranges": "bytes",
  };
}

async function send(exchange: Exchange, { file, facts }: OpenObject): Promise<void> {
  const { request, response } = exchange;
  const headers = objectHeaders(request, facts);
  if (isUnchanged(request, facts)) {
    respondEmpty(response, 304, headers);
    return;
  }
  const range = parseRange(header(request, "range"), facts.sizeBytes);
  const { start, end } = range ?? { start: 0, end: facts.sizeBytes - 1 };
  const wantsChecksums = header(request, "x-amz-checksum-mode") === "ENABLED" && !range;
  response.writeHead(range ? 206 : 200, {
    ...headers,
    ...(wantsChecksums ? facts.checksums : {}),
    ...(range ? { "content-range": `bytes ${start}-${end}/${facts.sizeBytes}` } : {}),
    "content-length": String(end - start + 1),
  });
  if (request.method === "HEAD" || facts.sizeBytes === 0) {
    response.end();
    return;
  }
  const stream = file.createReadStream({ start, end, highWaterMark: 262_144, autoClose: false });
  await pipeline(stream, response);
}

/** GET and HEAD. */
export const readObject: Operation = async (exchange) => {
  const { store, request } = exchange;
  await store.requireBucket(request.bucket);
  const opened = await store.open(request.bucket, request.key);
  try {
    await send(exchange, opened);
  } finally {
    await opened.file.close();
  }
};

export const deleteObject: Operation = async ({ store, request, response }) => {
  await store.requireBucket(request.bucket);
  await store.delete(request.bucket, request.key);
  respondEmpty(response, 204);
};

type CopySource = { readonly bucket: string; readonly key: string };

function copySource(request: S3Request): CopySource {
  const value = decodeURIComponent(header(request, "x-amz-copy-source") ?? "").replace(/^\//, "");
  const slash = value.indexOf("/");
  if (slash < 1) {
    throw new S3Error("InvalidArgument", "x-amz-copy-source is not <bucket>/<key>.");
  }
  return { bucket: value.slice(0, slash), key: value.slice(slash + 1) };
}

function copyFacts(request: S3Request, source: CopySource, facts: ObjectFacts): ObjectFacts {
  const replaces = header(request, "x-amz-metadata-directive") === "REPLACE";
  const isSame = source.bucket === request.bucket && source.key === request.key;
  if (isSame && !replaces) {
    throw new S3Error("InvalidRequest", "A copy onto itself must change the metadata.");
  }
  const headers = replaces ? keptHeaders(request) : facts.headers;
  return { ...facts, headers, modified: new Date().toISOString() };
}

export const copyObject: Operation = async ({ store, request, response }) => {
  await store.requireBucket(request.bucket);
  const source = copySource(request);
  await store.requireBucket(source.bucket);
  const { file, facts } = await store.open(source.bucket, source.key);
  try {
    if (isUnchanged(request, facts, "x-amz-copy-source-")) {
      throw new S3Error("PreconditionFailed", "The source does not meet the copy's condition.");
    }
    const copied = copyFacts(request, source, facts);
    const pieces = dataPieces(file, facts.sizeBytes);
    const draft = await store.writeDraft(request.bucket, pieces, () => copied);
    await store.commit(request, draft, writePrecondition(request));
    const result = tag("ETag", quoted(copied.etag)) + tag("LastModified", copied.modified);
    respondXml(response, document("CopyObjectResult", result));
  } finally {
    await file.close();
  }
};
