import { randomUUID } from "node:crypto";
import { open, readdir, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { ensureDirectory, moveIntoPlace, pruneDirectories } from "./durable-file.ts";
import { keyPath, walkKeys, type FoundKey, type WalkRange } from "./key-path.ts";
import { KeyedLock } from "./keyed-lock.ts";
import { encodeFacts, findFacts, openObject } from "./object-file.ts";
import type { ObjectFacts, OpenObject } from "./object-file.ts";
import { S3Error } from "./s3-error.ts";

/** Bytes written beside the objects, not yet one of them. */
export type Draft = { readonly path: string };

/** Decides whether a write may replace what is there; throws an S3Error when not. */
export type Precondition = (existing: ObjectFacts | undefined) => void;

/** Buckets and objects as files. Every write is synced to disk before it is answered. */
export class BucketStore {
  readonly #root: string;
  readonly #lock = new KeyedLock();

  readonly #isFull: () => boolean;

  private constructor(root: string, isFull: () => boolean) {
    this.#root = root;
    this.#isFull = isFull;
  }

  /** Opens the store, dropping drafts that a crash left behind. */
  static async open(root: string, isFull = (): boolean => false): Promise<BucketStore> {
    await ensureDirectory(root);
    const store = new BucketStore(root, isFull);
    for (const bucket of await store.bucketNames()) {
      await rm(join(root, bucket, "drafts"), { recursive: true, force: true });
    }
    return store;
  }

  async bucketNames(): Promise<string[]> {
    return (await readdir(this.#root)).sort();
  }

  async bucketMade(bucket: string): Promise<Date> {
    return (await stat(join(this.#root, bucket))).birthtime;
  }

  async requireBucket(bucket: string): Promise<void> {
    const names = await this.bucketNames();
    if (!names.includes(bucket)) {
      throw new S3Error("NoSuchBucket", `The bucket "${bucket}" does not exist.`);
    }
  }

  async createBucket(bucket: string): Promise<void> {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
      throw new S3Error(
        "InvalidBucketName",
        "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens.",
      );
    }
    if ((await this.bucketNames()).includes(bucket)) {
      throw new S3Error("BucketAlreadyOwnedByYou", `The bucket "${bucket}" exists already.`);
    }
    await ensureDirectory(this.#objects(bucket));
  }

  async deleteBucket(bucket: string): Promise<void> {
    const first = await this.walk(bucket, { prefix: "", after: "" }).next();
    if (!first.done) throw new S3Error("BucketNotEmpty", `The bucket "${bucket}" is not empty.`);
    await rm(join(this.#root, bucket), { recursive: true });
  }

  /** The directory of a multipart upload. */
  uploadDirectory(bucket: string, uploadId = ""): string {
    return join(this.#root, bucket, "uploads", uploadId);
  }

  /** Writes pieces to a draft and ends it with the facts computed from them. */
  async writeDraft(
    bucket: string,
    pieces: AsyncIterable<Buffer>,
    facts: () => ObjectFacts,
  ): Promise<Draft> {
    if (this.#isFull()) throw storageFull();
    const directory = join(this.#root, bucket, "drafts");
    await ensureDirectory(directory);
    const path = join(directory, randomUUID());
    const file = await open(path, "wx");
    try {
      for await (const piece of pieces) await file.appendFile(piece);
      await file.appendFile(encodeFacts(facts()));
      await file.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw isNoSpace(error) ? storageFull() : error;
    } finally {
      await file.close();
    }
    return { path };
  }

  async moveDraft(draft: Draft, path: string): Promise<void> {
    await moveIntoPlace(draft.path, path);
  }

  /** Makes a draft the object of a key, if the precondition holds at that moment. */
  async commit(
    { bucket, key }: { bucket: string; key: string },
    draft: Draft,
    precondition: Precondition,
  ): Promise<void> {
    const path = this.#objectPath(bucket, key);
    await this.#lock.run(path, async () => {
      try {
        precondition(await findFacts(path));
        await this.requireBucket(bucket);
        await moveIntoPlace(draft.path, path);
      } catch (error) {
        await rm(draft.path, { force: true });
        throw error;
      }
    });
  }

  /** The caller closes the object's file. */
  async open(bucket: string, key: string): Promise<OpenObject> {
    const opened = await openObject(this.#objectPath(bucket, key));
    if (opened === undefined) throw new S3Error("NoSuchKey", `The key "${key}" does not exist.`);
    return opened;
  }

  /** Nothing happens when the object is not there, as S3 has it. */
  async delete(bucket: string, key: string): Promise<void> {
    const path = this.#objectPath(bucket, key);
    await this.#lock.run(path, async () => {
      try {
        await unlink(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
        throw error;
      }
      await pruneDirectories(path, this.#objects(bucket));
    });
  }

  walk(bucket: string, range: WalkRange): AsyncGenerator<FoundKey> {
    return walkKeys(this.#objects(bucket), range);
  }

  #objects(bucket: string): string {
    return join(this.#root, bucket, "objects");
  }

  #objectPath(bucket: string, key: string): string {
    return keyPath(this.#objects(bucket), key);
  }
}

function isNoSpace(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

function storageFull(): S3Error {
  return new S3Error("StorageFull", "The store's disk is full; delete something or give it room.");
}
