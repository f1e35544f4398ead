import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

async function contentOf(path: string, isFile: boolean, isLink: boolean): Promise<string> {
  if (isLink) return `-> ${await readlink(path)}`;
  if (!isFile) return "";
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

/** One line for each entry of a directory, itself included: path, type and mode, owner, links, content. */
export async function directoryFacts(root: string, below = "."): Promise<string[]> {
  const path = join(root, below);
  const stats = await lstat(path);
  const content = await contentOf(path, stats.isFile(), stats.isSymbolicLink());
  const links = stats.isFile() ? stats.nlink : 0;
  const mode = stats.isSymbolicLink() ? "link" : stats.mode.toString(8);
  const facts = [`${below} ${mode} ${stats.uid}:${stats.gid} ${links} ${content}`];
  if (!stats.isDirectory()) return facts;
  for (const name of (await readdir(path)).sort()) {
    facts.push(...(await directoryFacts(root, join(below, name))));
  }
  return facts;
}
