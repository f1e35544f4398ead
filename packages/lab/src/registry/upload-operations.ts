import { digestText, parseDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { findRepository, pushing } from "./exchange.ts";
import { RegistryError } from "./registry-error.ts";
import { header, parseRepository, repositoryText } from "./registry-request.ts";
import type { RegistryRequest } from "./registry-request.ts";
import { respondEmpty } from "./registry-response.ts";
import { rangeOf } from "./upload-session.ts";
import type { Chunk, Upload } from "./upload-session.ts";

/** Begins an upload, or ends it at once: with the whole content in the body, or with what another repository has. */
export const beginUpload = pushing(async (exchange) => {
  const { request, repository, shelves } = exchange;
  const mounted = request.query.get("mount");
  if (mounted !== null && (await isMounted(exchange, parseDigest(mounted)))) {
    return respondCreated(exchange, parseDigest(mounted));
  }
  const digest = request.query.get("digest");
  const upload = await shelves.uploads.begin(repository);
  if (digest === null) {
    request.message.resume();
    return respondAccepted(exchange, upload, 0);
  }
  await shelves.uploads.finish(upload, chunkOf(request), parseDigest(digest));
  respondCreated(exchange, parseDigest(digest));
});

export const continueUpload = pushing(async (exchange) => {
  const upload = uploadIn(exchange);
  const chunk = chunkOf(exchange.request);
  respondAccepted(exchange, upload, await exchange.shelves.uploads.append(upload, chunk));
});

export const finishUpload = pushing(async (exchange) => {
  const { request, shelves } = exchange;
  const digest = parseDigest(request.query.get("digest") ?? "");
  await shelves.uploads.finish(uploadIn(exchange), chunkOf(request), digest);
  respondCreated(exchange, digest);
});

export const uploadProgress = pushing(async (exchange) => {
  const upload = uploadIn(exchange);
  const sizeBytes = await exchange.shelves.uploads.sizeOf(upload);
  respondEmpty(exchange.response, 204, progressHeaders(exchange, upload, sizeBytes));
});

export const cancelUpload = pushing(async (exchange) => {
  await exchange.shelves.uploads.cancel(uploadIn(exchange));
  respondEmpty(exchange.response, 204);
});

/** A blob the caller may pull elsewhere is linked here; otherwise it has to be uploaded, and nobody is told why. */
async function isMounted(exchange: RepositoryExchange, digest: Digest): Promise<boolean> {
  const { request, shelves, access, repository } = exchange;
  const from = request.query.get("from");
  if (from === null) return false;
  const name = parseRepository(from);
  if (!(await access.mayPull(name))) return false;
  const other = await findRepository(shelves, name);
  if (other === undefined || !(await other.hasLayer(digest))) return false;
  if ((await shelves.content.find(digest)) === undefined) return false;
  await repository.linkLayer(digest);
  return true;
}

function uploadIn({ reference, repository }: RepositoryExchange): Upload {
  return { id: reference, repository };
}

/** `Content-Range` of a part is `first-last`, without a unit. */
function chunkOf(request: RegistryRequest): Chunk {
  const range = header(request, "content-range");
  if (range === undefined) return { body: request.message };
  const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/.*)?$/.exec(range) ?? [];
  const length = header(request, "content-length");
  const declared = Number(last) - Number(first) + 1;
  if (
    first === undefined ||
    declared < 0 ||
    (length !== undefined && Number(length) !== declared)
  ) {
    throw new RegistryError("RANGE_INVALID", "Content-Range does not fit the body.");
  }
  return { body: request.message, start: Number(first) };
}

function respondAccepted(exchange: RepositoryExchange, upload: Upload, sizeBytes: number): void {
  respondEmpty(exchange.response, 202, progressHeaders(exchange, upload, sizeBytes));
}

function progressHeaders(
  { name }: RepositoryExchange,
  { id }: Upload,
  sizeBytes: number,
): Record<string, string> {
  return {
    location: `/v2/${repositoryText(name)}/blobs/uploads/${id}`,
    range: rangeOf(sizeBytes),
    "docker-upload-uuid": id,
  };
}

function respondCreated({ name, response }: RepositoryExchange, digest: Digest): void {
  const text = digestText(digest);
  respondEmpty(response, 201, {
    location: `/v2/${repositoryText(name)}/blobs/${text}`,
    "docker-content-digest": text,
  });
}
