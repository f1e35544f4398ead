import { mkdir, open, rename, rmdir } from "node:fs/promises";
import { dirname, relative } from "node:path";

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes a directory and its parents so that they are still there after a power cut. */
export async function ensureDirectory(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true });
  if (firstMade === undefined) return;
  const stop = dirname(firstMade);
  for (let current = path; current.length > stop.length; current = dirname(current)) {
    await syncDirectory(dirname(current));
  }
}

/** Moves a synced file into place. A directory that a delete removed meanwhile is made again. */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await ensureDirectory(dirname(to));
    try {
      await rename(from, to);
      await syncDirectory(dirname(to));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 5) throw error;
    }
  }
}

/** Removes the empty directories between a removed file and `root`. */
export async function pruneDirectories(path: string, root: string): Promise<void> {
  for (let current = dirname(path); relative(root, current) !== ""; current = dirname(current)) {
    try {
      await rmdir(current);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "ENOTEMPTY" || code === "ENOENT") return;
      throw error;
    }
  }
}
