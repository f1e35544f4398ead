import { open, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";

const pieceBytes = 1_048_576;

/**
 * Volumes whose room is taken, each by a file that has no name: nobody sees it, and no copy or deletion touches it. Only
 * what somebody else deletes afterwards is free again.
 */
export class FullVolumes {
  readonly #volumesDir: string;
  readonly #ballast = new Map<string, FileHandle>();

  constructor(volumesDir: string) {
    this.#volumesDir = volumesDir;
  }

  /** Fills these volumes, by name, and gives others their room back. */
  async set(names: readonly string[]): Promise<void> {
    for (const name of this.#ballast.keys()) if (!names.includes(name)) await this.release(name);
    for (const name of names) {
      if (this.#ballast.has(name)) continue;
      this.#ballast.set(name, await fill(join(this.#volumesDir, name)));
    }
  }

  /** Gives a volume its room back, as it has to be before it is unmounted. */
  async release(name: string): Promise<void> {
    const file = this.#ballast.get(name);
    this.#ballast.delete(name);
    await file?.close();
  }
}

async function fill(directory: string): Promise<FileHandle> {
  const [own, around] = await Promise.all([stat(directory), stat(dirname(directory))]);
  if (own.dev === around.dev) {
    throw new Error(
      `${directory} has no file system of its own; only volumes of the class sized can be full.`,
    );
  }
  const path = join(directory, `.lab-ballast-${process.pid}`);
  const file = await open(path, "wx");
  try {
    await rm(path);
    await takeAll(file);
  } catch (error) {
    await file.close();
    throw error;
  }
  return file;
}

/** Smaller and smaller pieces, until not one byte fits. */
async function takeAll(file: FileHandle): Promise<void> {
  for (let size = pieceBytes; size >= 1; size = Math.floor(size / 4)) {
    const piece = Buffer.alloc(size, 1);
    while (await fits(file, piece));
  }
  await file.sync().catch(unlessNoSpace);
}

async function fits(file: FileHandle, piece: Buffer): Promise<boolean> {
  try {
    const { bytesWritten } = await file.write(piece);
    return bytesWritten === piece.length;
  } catch (error) {
    unlessNoSpace(error);
    return false;
  }
}

function unlessNoSpace(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
}
