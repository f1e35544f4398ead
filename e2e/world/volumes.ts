import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { PersistentVolumeClaim } from "@drover/crds";
import { stateDir } from "../product.ts";
import { clusterAsAdmin, type ClusterName } from "./clusters.ts";

/** The directory that holds a claim's data on the lab's disk. */
export async function volumeDirectory(
  cluster: ClusterName,
  namespace: string,
  claim: string,
): Promise<string> {
  const found = await clusterAsAdmin(cluster).get(PersistentVolumeClaim, {
    namespace,
    name: claim,
  });
  const volume = found.spec?.volumeName;
  if (volume === undefined)
    throw new Error(`Claim ${namespace}/${claim} on ${cluster} has no volume.`);
  return join(stateDir, "lab", cluster, "volumes", volume);
}

type Entry = {
  readonly mode: number;
  readonly owner: string;
  readonly size: number;
  readonly content: string;
  /** Entries that are one file on disk share it. */
  readonly sharedWith: string;
};

/** Every entry of a directory: type and mode, owner, size, content or link target, and hard links. */
export async function directoryListing(root: string): Promise<Readonly<Record<string, Entry>>> {
  const listing: Record<string, Entry> = {};
  const firstPathOf = new Map<number, string>();
  for (const path of (await readdir(root, { recursive: true })).toSorted()) {
    const full = join(root, path);
    const stat = await lstat(full);
    const shared = firstPathOf.get(stat.ino) ?? path;
    firstPathOf.set(stat.ino, shared);
    listing[path] = {
      mode: stat.mode,
      owner: `${String(stat.uid)}:${String(stat.gid)}`,
      size: stat.isDirectory() ? 0 : stat.size,
      content: await contentOf(full, stat),
      sharedWith: shared,
    };
  }
  return listing;
}

async function contentOf(path: string, stat: Awaited<ReturnType<typeof lstat>>): Promise<string> {
  if (stat.isSymbolicLink()) return `-> ${await readlink(path)}`;
  if (stat.isFile())
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  return "";
}
