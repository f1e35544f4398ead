import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { randomUUID } from "node:crypto";
import { probeFailure } from "./probe-failure.ts";
import type { ProbeAction } from "./probe-failure.ts";
import { s3Client } from "./s3-target.ts";
import type { S3Target } from "./s3-target.ts";

/** Where probes are written; never left behind. */
const PROBE_PREFIX = "drover-probe/";

/**
 * Writes a small object, reads it back and deletes it. Returns the sentence that says what went wrong, or
 * undefined when the bucket can be used.
 */
export async function probeBucket(
  target: S3Target,
  signal: AbortSignal,
): Promise<string | undefined> {
  const client = s3Client(target);
  const bucket = new ProbedBucket(client, target.bucket, signal);
  try {
    await bucket.probe();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return probeFailure(error, { action: bucket.action, target });
  } finally {
    client.destroy();
  }
}

class ProbedBucket {
  readonly #client: S3Client;
  readonly #where: { readonly Bucket: string; readonly Key: string };
  readonly #options: { readonly abortSignal: AbortSignal };
  action: ProbeAction = "write";

  constructor(client: S3Client, bucket: string, signal: AbortSignal) {
    this.#client = client;
    this.#where = { Bucket: bucket, Key: `${PROBE_PREFIX}${randomUUID()}` };
    this.#options = { abortSignal: signal };
  }

  async probe(): Promise<void> {
    const content = randomUUID();
    const written = { ...this.#where, Body: content, ContentType: "text/plain" };
    await this.#client.send(new PutObjectCommand(written), this.#options);
    // What could be written is taken away again even when it cannot be read; the first trouble is the one to tell.
    const [read] = await Promise.allSettled([this.#read(content)]);
    const [deleted] = await Promise.allSettled([this.#delete()]);
    this.action = read.status === "rejected" ? "read" : "delete";
    if (read.status === "rejected") throw read.reason;
    if (deleted.status === "rejected") throw deleted.reason;
  }

  async #read(content: string): Promise<void> {
    const found = await this.#client.send(new GetObjectCommand(this.#where), this.#options);
    const read = await found.Body?.transformToString();
    if (read !== content) throw new ContentDiffers();
  }

  async #delete(): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#where), this.#options);
  }
}

class ContentDiffers extends Error {
  override readonly name = "ContentDiffers";
}
