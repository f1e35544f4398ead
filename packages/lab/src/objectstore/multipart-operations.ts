import { startUpload, Upload, uploadIds, type Part } from "./multipart-upload.ts";
import { keptHeaders, quoted, unquoted, writePrecondition } from "./object-headers.ts";
import type { ObjectFacts } from "./object-file.ts";
import type { Exchange, Operation } from "./operation.ts";
import { readText } from "./request-body.ts";
import { S3Error } from "./s3-error.ts";
import { respondEmpty, respondXml } from "./s3-response.ts";
import { document, elements, elementText, tag } from "./xml.ts";

async function openUpload({ store, request }: Exchange): Promise<Upload> {
  await store.requireBucket(request.bucket);
  return Upload.open(store, request, request.query.get("uploadId") ?? "");
}

export const createUpload: Operation = async ({ store, request, body, response }) => {
  await store.requireBucket(request.bucket);
  await readText(body);
  const started = new Date().toISOString();
  const headers = keptHeaders(request);
  const uploadId = await startUpload(store, request.bucket, { key: request.key, headers, started });
  const content =
    tag("Bucket", request.bucket) + tag("Key", request.key) + tag("UploadId", uploadId);
  respondXml(response, document("InitiateMultipartUploadResult", content));
};

export const uploadPart: Operation = async (exchange) => {
  const { store, request, body, response } = exchange;
  const upload = await openUpload(exchange);
  const number = Number(request.query.get("partNumber"));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new S3Error("InvalidArgument", "Part numbers go from 1 to 10000.");
  }
  let part: ObjectFacts | undefined;
  const draft = await store.writeDraft(request.bucket, body.pieces(), () => {
    const { sizeBytes, md5, checksums } = body.facts();
    const modified = new Date().toISOString();
    part = { sizeBytes, etag: md5.toString("hex"), modified, headers: {}, checksums };
    return part;
  });
  await openUpload(exchange);
  await store.moveDraft(draft, upload.partPath(number));
  respondEmpty(response, 200, { etag: quoted(part?.etag ?? ""), ...part?.checksums });
};

function parseParts(text: string): Part[] {
  const parts = elements(text, "Part").map((part) => ({
    number: Number(elementText(part, "PartNumber")),
    etag: unquoted(elementText(part, "ETag") ?? ""),
  }));
  if (parts.length === 0) throw new S3Error("MalformedXML", "The request names no parts.");
  const isOrdered = parts.every(({ number }, index) => {
    return index === 0 || number > (parts[index - 1]?.number ?? 0);
  });
  if (!isOrdered) throw new S3Error("InvalidPartOrder", "The parts are not in ascending order.");
  return parts;
}

export const completeUpload: Operation = async (exchange) => {
  const { store, request, body, response } = exchange;
  const upload = await openUpload(exchange);
  const parts = parseParts(await readText(body));
  const facts = await upload.check(parts);
  const draft = await store.writeDraft(request.bucket, upload.pieces(parts), () => facts);
  await store.commit(request, draft, writePrecondition(request));
  await upload.remove();
  const content =
    tag("Location", request.path) +
    tag("Bucket", request.bucket) +
    tag("Key", request.key) +
    tag("ETag", quoted(facts.etag));
  respondXml(response, document("CompleteMultipartUploadResult", content));
};

export const abortUpload: Operation = async (exchange) => {
  await (await openUpload(exchange)).remove();
  respondEmpty(exchange.response, 204);
};

export const listParts: Operation = async (exchange) => {
  const { request, response } = exchange;
  const upload = await openUpload(exchange);
  const after = Number(request.query.get("part-number-marker") ?? 0);
  const limit = Math.min(Number(request.query.get("max-parts") ?? 1000), 1000);
  const rest = (await upload.parts()).filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  const parts = page.map(
    ({ number, etag, facts }) =>
      `<Part>${tag("PartNumber", number)}${tag("LastModified", facts.modified)}` +
      `${tag("ETag", quoted(etag))}${tag("Size", facts.sizeBytes)}</Part>`,
  );
  const content =
    tag("Bucket", request.bucket) +
    tag("Key", request.key) +
    tag("UploadId", request.query.get("uploadId") ?? "") +
    tag("IsTruncated", rest.length > page.length) +
    tag("NextPartNumberMarker", page.at(-1)?.number ?? 0) +
    parts.join("");
  respondXml(response, document("ListPartsResult", content));
};

/** The first thousand uploads of a bucket; enough to find and abort what was left behind. */
export const listUploads: Operation = async ({ store, request, response }) => {
  await store.requireBucket(request.bucket);
  const ids = await uploadIds(store, request.bucket);
  const content = ids.slice(0, 1000).map((id) => `<Upload>${tag("UploadId", id)}</Upload>`);
  const isTruncated = tag("IsTruncated", ids.length > 1000);
  respondXml(
    response,
    document(
      "ListMultipartUploadsResult",
      tag("Bucket", request.bucket) + isTruncated + content.join(""),
    ),
  );
};
