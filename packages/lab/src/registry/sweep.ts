import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { draftMark } from "./content-store.ts";

/** Removes what a kill left unfinished and what no repository links any more; only while nothing is being pushed. */
export async function sweep(root: string): Promise<void> {
  const linked = new Set<string>();
  for (const path of await filesBelow(join(root, "repositories"))) {
    const name = basename(path);
    if (name.startsWith(draftMark)) await rm(path, { force: true });
    else linked.add(name);
  }
  for (const path of await filesBelow(join(root, "blobs"))) {
    const [algorithm = "", , hex = ""] = path.split("/").slice(-3);
    if (!linked.has(`${algorithm}-${hex}`)) await rm(path, { force: true });
  }
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
