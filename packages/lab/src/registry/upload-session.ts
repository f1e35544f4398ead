import { randomUUID } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { ensureDirectory } from "../objectstore/durable-file.ts";
import { KeyedLock } from "../objectstore/keyed-lock.ts";
import type { ContentStore } from "./content-store.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./registry-error.ts";
import type { Repository } from "./repository.ts";

export type Upload = { readonly id: string; readonly repository: Repository };

/** A part of a body: where it begins, if the client says so. */
export type Chunk = { readonly body: IncomingMessage; readonly start?: number | undefined };

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Uploads in progress: a file each, whose length says how far they are, so that they go on after a restart. Only
 * `finish` makes content of them.
 */
export class UploadSessions {
  readonly #content: ContentStore;
  readonly #lock = new KeyedLock();

  constructor(content: ContentStore) {
    this.#content = content;
  }

  async begin(repository: Repository): Promise<Upload> {
    const id = randomUUID();
    await ensureDirectory(repository.uploadsDir);
    await (await open(join(repository.uploadsDir, id), "wx")).close();
    return { id, repository };
  }

  /** How many bytes have arrived. */
  async sizeOf(upload: Upload): Promise<number> {
    try {
      return (await stat(pathOf(upload))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      throw new RegistryError("BLOB_UPLOAD_UNKNOWN", "There is no such upload; begin a new one.");
    }
  }

  /** Adds to what has arrived, and says how much that is. What came before a connection broke stays. */
  async append(upload: Upload, chunk: Chunk): Promise<number> {
    return this.#lock.run(upload.id, () => this.#append(upload, chunk));
  }

  /** Adds the last part and makes it all a layer of the repository, if it has the digest. */
  async finish(upload: Upload, chunk: Chunk, digest: Digest): Promise<void> {
    await this.#lock.run(upload.id, async () => {
      await this.#append(upload, chunk);
      await this.#content.takeOver(pathOf(upload), digest);
      await upload.repository.linkLayer(digest);
    });
  }

  async cancel(upload: Upload): Promise<void> {
    await this.sizeOf(upload);
    await rm(pathOf(upload), { force: true });
  }

  async #append(upload: Upload, { body, start }: Chunk): Promise<number> {
    const before = await this.sizeOf(upload);
    if (start !== undefined && start !== before) {
      throw new RegistryError(
        "RANGE_INVALID",
        `The upload has ${before} bytes; the next part has to begin there.`,
        { range: rangeOf(before) },
      );
    }
    const file = await open(pathOf(upload), "a");
    try {
      for await (const piece of body as AsyncIterable<Buffer>) await file.appendFile(piece);
    } finally {
      await file.close();
    }
    if (!body.complete) {
      throw new RegistryError("SIZE_INVALID", "The connection ended before the body did.");
    }
    return this.sizeOf(upload);
  }
}

/** What has arrived, as the specification writes it: the last byte counts. */
export function rangeOf(sizeBytes: number): string {
  return `0-${Math.max(0, sizeBytes - 1)}`;
}

function pathOf({ id, repository }: Upload): string {
  if (idPattern.test(id)) return join(repository.uploadsDir, id);
  throw new RegistryError("BLOB_UPLOAD_UNKNOWN", "There is no such upload; begin a new one.");
}
