import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { draftMark } from "./content-store.ts";

/** Whoever began an upload and did not go on for so long does not come back. */
const uploadLifetimeMs = 24 * 60 * 60 * 1000;

/** Removes what a kill left unfinished and what no repository links any more; only while nothing is being pushed. */
export async function sweep(root: string): Promise<void> {
  const linked = new Set<string>();
  for (const path of await filesBelow(join(root, "repositories"))) {
    const name = basename(path);
    if (name.startsWith(draftMark) || (await isAbandoned(path))) await rm(path, { force: true });
    else linked.add(name);
  }
  for (const path of await filesBelow(join(root, "blobs"))) {
    const [algorithm = "", , hex = ""] = path.split("/").slice(-3);
    if (!linked.has(`${algorithm}-${hex}`)) await rm(path, { force: true });
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  if (basename(dirname(path)) !== "uploads") return false;
  return Date.now() - (await stat(path)).mtimeMs > uploadLifetimeMs;
}

async function filesBelow(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true, recursive: true });
    return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
