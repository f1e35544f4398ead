import { digestOf, digestText, parseDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";
import type { RepositoryExchange } from "./exchange.ts";
import { pulling, pushing } from "./exchange.ts";
import { parseManifest } from "./manifest.ts";
import type { Descriptor, Manifest } from "./manifest.ts";
import { RegistryError } from "./registry-error.ts";
import { header, repositoryText } from "./registry-request.ts";
import type { RegistryRequest } from "./registry-request.ts";
import { respondEmpty } from "./registry-response.ts";
import type { Repository } from "./repository.ts";

const maxManifestBytes = 4 * 1024 * 1024;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

type Reference = { readonly tag: string } | { readonly digest: Digest };

/** GET and HEAD of a manifest, by tag or by digest, as it was pushed. */
export const readManifest = pulling(async (exchange) => {
  const { request, response, shelves } = exchange;
  const { digest, mediaType } = await findManifest(exchange);
  const bytes = await shelves.content.read(digest);
  const text = digestText(digest);
  const headers = {
    "content-type": mediaType,
    "docker-content-digest": text,
    etag: `"${text}"`,
  };
  if (header(request, "if-none-match") === `"${text}"`) return respondEmpty(response, 304, headers);
  response.writeHead(200, { ...headers, "content-length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
});

export const writeManifest = pushing(async (exchange) => {
  const { request, response, shelves, repository, name } = exchange;
  const reference = parseReference(exchange.reference);
  const bytes = await readManifestBody(request);
  const algorithm = "digest" in reference ? reference.digest.algorithm : "sha256";
  const digest = digestOf(bytes, algorithm);
  const text = digestText(digest);
  if ("digest" in reference && digestText(reference.digest) !== text) {
    throw new RegistryError("DIGEST_INVALID", `The manifest has the digest ${text}.`);
  }
  const manifest = parseManifest(bytes, header(request, "content-type"));
  await requireReferenced(exchange, manifest);
  await shelves.content.keep(bytes, digest);
  await repository.linkManifest(digest, manifest.mediaType);
  if (manifest.subject !== undefined) await repository.linkReferrer(manifest.subject, digest);
  if ("tag" in reference) {
    await shelves.streams.recordTag(name, reference.tag, text);
    await repository.tag(reference.tag, digest);
  }
  respondEmpty(response, 201, {
    location: `/v2/${repositoryText(name)}/manifests/${text}`,
    "docker-content-digest": text,
    ...(manifest.subject === undefined ? {} : { "oci-subject": digestText(manifest.subject) }),
  });
});

/** By tag only the tag goes; by digest the manifest does, with every tag that names it. */
export const deleteManifest = pushing(async (exchange) => {
  const { repository, shelves, name, response } = exchange;
  const reference = parseReference(exchange.reference);
  if ("tag" in reference) {
    if (!(await repository.untag(reference.tag))) throw unknownManifest(exchange.reference);
    await shelves.streams.forgetTags(name, [reference.tag]);
    return respondEmpty(response, 202);
  }
  const { digest } = await findManifest(exchange);
  const tags = await repository.tagsOf(digest);
  const bytes = await shelves.content.read(digest);
  const { subject } = parseManifest(bytes, await repository.manifestType(digest));
  if (subject !== undefined) await repository.unlinkReferrer(subject, digest);
  await repository.unlinkManifest(digest);
  await shelves.streams.forgetTags(name, tags);
  respondEmpty(response, 202);
});

async function findManifest({
  repository,
  reference: text,
}: Pick<RepositoryExchange, "repository" | "reference">): Promise<{
  readonly digest: Digest;
  readonly mediaType: string;
}> {
  const reference = parseReference(text);
  const digest = "tag" in reference ? await repository.tagged(reference.tag) : reference.digest;
  const mediaType = digest && (await repository.manifestType(digest));
  if (digest === undefined || mediaType === undefined) throw unknownManifest(text);
  return { digest, mediaType };
}

function parseReference(text: string): Reference {
  if (text.includes(":")) return { digest: parseDigest(text) };
  if (tagPattern.test(text)) return { tag: text };
  throw new RegistryError(
    "TAG_INVALID",
    "A tag has up to 128 letters, digits, dots, hyphens and underscores, and begins with no dot or hyphen.",
  );
}

async function readManifestBody({ message }: RegistryRequest): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > maxManifestBytes) {
      throw new RegistryError("SIZE_INVALID", `A manifest has ${maxManifestBytes} bytes at most.`);
    }
    pieces.push(piece);
  }
  if (!message.complete) {
    throw new RegistryError("SIZE_INVALID", "The connection ended before the body did.");
  }
  return Buffer.concat(pieces);
}

/** An image of which a part is missing could be pushed and never pulled. */
async function requireReferenced(
  { repository, shelves }: RepositoryExchange,
  { blobs, manifests }: Manifest,
): Promise<void> {
  for (const blob of blobs) {
    const digest = parseDigest(blob.digest);
    const stored = (await repository.hasLayer(digest)) && (await shelves.content.find(digest));
    if (!stored) throw missingPart(blob);
    if (stored.sizeBytes !== blob.size) {
      const message = `The blob ${blob.digest} has ${stored.sizeBytes} bytes, not ${blob.size}.`;
      throw new RegistryError("SIZE_INVALID", message);
    }
  }
  for (const manifest of manifests) {
    if (!(await isKnown(repository, manifest))) throw missingPart(manifest);
  }
}

async function isKnown(repository: Repository, { digest }: Descriptor): Promise<boolean> {
  return (await repository.manifestType(parseDigest(digest))) !== undefined;
}

function missingPart({ digest }: Descriptor): RegistryError {
  return new RegistryError(
    "MANIFEST_BLOB_UNKNOWN",
    `The manifest names ${digest}, which was not pushed to this repository.`,
  );
}

function unknownManifest(reference: string): RegistryError {
  return new RegistryError("MANIFEST_UNKNOWN", `This repository has no manifest ${reference}.`);
}
