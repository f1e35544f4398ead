import { createHash, randomUUID } from "node:crypto";
import { open, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { BucketStore } from "./bucket-store.ts";
import { ensureDirectory } from "./durable-file.ts";
import { dataPieces, findFacts, openObject, type ObjectFacts } from "./object-file.ts";
import { S3Error } from "./s3-error.ts";

const minPartBytes = 5 * 1024 * 1024;

const UploadFacts = z.object({
  key: z.string(),
  headers: z.record(z.string(), z.string()),
  started: z.string(),
});
export type UploadFacts = z.infer<typeof UploadFacts>;

export type Part = { readonly number: number; readonly etag: string };

function noSuchUpload(uploadId: string): S3Error {
  return new S3Error("NoSuchUpload", `The upload ${uploadId} does not exist; it may be finished.`);
}

/** Begins an upload and returns its id. */
export async function startUpload(
  store: BucketStore,
  bucket: string,
  facts: UploadFacts,
): Promise<string> {
  const uploadId = randomUUID();
  const directory = store.uploadDirectory(bucket, uploadId);
  await ensureDirectory(directory);
  const file = await open(join(directory, "upload.json"), "wx");
  try {
    await file.writeFile(JSON.stringify(facts));
    await file.sync();
  } finally {
    await file.close();
  }
  return uploadId;
}

/** An upload under way, found by its id. */
export class Upload {
  readonly #directory: string;
  readonly facts: UploadFacts;

  private constructor(directory: string, facts: UploadFacts) {
    this.#directory = directory;
    this.facts = facts;
  }

  static async open(
    store: BucketStore,
    { bucket, key }: { bucket: string; key: string },
    uploadId: string,
  ): Promise<Upload> {
    if (!/^[0-9a-f-]{36}$/.test(uploadId)) throw noSuchUpload(uploadId);
    const directory = store.uploadDirectory(bucket, uploadId);
    let text: string;
    try {
      text = await readFile(join(directory, "upload.json"), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw noSuchUpload(uploadId);
    }
    const facts = UploadFacts.parse(JSON.parse(text));
    if (facts.key !== key) throw noSuchUpload(uploadId);
    return new Upload(directory, facts);
  }

  partPath(number: number): string {
    return join(this.#directory, `part-${String(number).padStart(5, "0")}`);
  }

  async parts(): Promise<(Part & { readonly facts: ObjectFacts })[]> {
    const names = (await readdir(this.#directory)).filter((name) => name.startsWith("part-"));
    const parts = [];
    for (const name of names.sort()) {
      const facts = await findFacts(join(this.#directory, name));
      if (facts) parts.push({ number: Number(name.slice(5)), etag: facts.etag, facts });
    }
    return parts;
  }

  /** The facts of the whole, if the parts named are the ones uploaded and each but the last is big enough. */
  async check(named: readonly Part[]): Promise<ObjectFacts> {
    const uploaded = new Map((await this.parts()).map((part) => [part.number, part]));
    const md5 = createHash("md5");
    let sizeBytes = 0;
    for (const [index, { number, etag }] of named.entries()) {
      const part = uploaded.get(number);
      if (part?.etag !== etag) {
        throw new S3Error("InvalidPart", `Part ${number} was not uploaded with this ETag.`);
      }
      if (index < named.length - 1 && part.facts.sizeBytes < minPartBytes) {
        throw new S3Error("EntityTooSmall", `Part ${number} is smaller than 5 MiB.`);
      }
      md5.update(Buffer.from(etag, "hex"));
      sizeBytes += part.facts.sizeBytes;
    }
    const etag = `${md5.digest("hex")}-${named.length}`;
    const modified = new Date().toISOString();
    return { sizeBytes, etag, modified, headers: this.facts.headers, checksums: {} };
  }

  async *pieces(named: readonly Part[]): AsyncGenerator<Buffer> {
    for (const { number } of named) {
      const opened = await openObject(this.partPath(number));
      if (opened === undefined) {
        throw new S3Error(
          "InvalidPart",
          `Part ${number} is gone from upload of ${this.facts.key}.`,
        );
      }
      try {
        yield* dataPieces(opened.file, opened.facts.sizeBytes);
      } finally {
        await opened.file.close();
      }
    }
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** The ids of a bucket's uploads under way. */
export async function uploadIds(store: BucketStore, bucket: string): Promise<string[]> {
  try {
    return (await readdir(store.uploadDirectory(bucket))).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
