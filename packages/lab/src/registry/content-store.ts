import { randomUUID } from "node:crypto";
import { open, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ensureDirectory, moveIntoPlace } from "../objectstore/durable-file.ts";
import { digestOfFile, digestText } from "./digest.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./registry-error.ts";

export type StoredContent = { readonly path: string; readonly sizeBytes: number };

/** Content by its digest, shared by all repositories. What has a name here is whole and on the disk. */
export class ContentStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async find(digest: Digest): Promise<StoredContent | undefined> {
    const path = this.#path(digest);
    try {
      return { path, sizeBytes: (await stat(path)).size };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  async read(digest: Digest): Promise<Buffer> {
    return readFile(this.#path(digest));
  }

  /** Takes over a file whose content has this digest; refuses another content and leaves the file. */
  async takeOver(file: string, digest: Digest): Promise<void> {
    const actual = await digestOfFile(file, digest.algorithm);
    if (actual.hex !== digest.hex) {
      throw new RegistryError(
        "DIGEST_INVALID",
        `The content has the digest ${digestText(actual)}, not ${digestText(digest)}.`,
      );
    }
    const handle = await open(file, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await moveIntoPlace(file, this.#path(digest));
  }

  /** Keeps bytes under the digest they have. */
  async keep(bytes: Buffer, digest: Digest): Promise<void> {
    if ((await this.find(digest)) !== undefined) return;
    await writeWhole(this.#path(digest), bytes);
  }

  #path({ algorithm, hex }: Digest): string {
    return join(this.#root, algorithm, hex.slice(0, 2), hex);
  }
}

/** What names of unfinished files begin with; no tag and no digest does. */
export const draftMark = "+";

/** Writes a file that is there whole or not at all, also after a power cut. */
export async function writeWhole(path: string, bytes: Buffer | string): Promise<void> {
  const draft = join(dirname(path), `${draftMark}${randomUUID()}`);
  await ensureDirectory(dirname(path));
  const file = await open(draft, "wx");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await moveIntoPlace(draft, path);
}
