import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRecord } from "../raw-object.ts";
import type { Restic } from "./restic.ts";
import { applyRootTag } from "./volume-root.ts";

export type VolumeRestore = {
  readonly restic: Restic;
  readonly repository: string;
  readonly snapshot: string;
  readonly path: string;
  /** Reads everything back afterwards and compares it with the repository. */
  readonly verify: boolean;
  readonly onProgress: (progress: { totalBytes: number; bytesDone: number }) => void;
};

async function directoryBytes(path: string, signal: AbortSignal): Promise<number> {
  let total = 0;
  for await (const entry of await opendir(path)) {
    if (signal.aborted) return total;
    const child = join(path, entry.name);
    if (entry.isDirectory()) total += await directoryBytes(child, signal);
    else if (entry.isFile()) total += (await lstat(child)).size;
  }
  return total;
}

/** Measures how much has arrived until told to stop. restic itself tells nothing while it restores. */
async function watchArrival(
  { path, onProgress }: VolumeRestore,
  totalBytes: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const startedAt = Date.now();
    const arrived = await directoryBytes(path, signal).catch((error: unknown) => {
      // restic renames and removes while we look; the next look sees what is there then.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    });
    if (arrived !== undefined && !signal.aborted) {
      onProgress({ totalBytes, bytesDone: Math.min(arrived, totalBytes) });
    }
    // Looking at many files costs time that the restore needs: look for a tenth of it at most.
    const pauseMs = Math.max(1_000, 9 * (Date.now() - startedAt));
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function numberField(value: unknown, name: string): number {
  return isRecord(value) && typeof value[name] === "number" ? value[name] : 0;
}

function tagsOf(snapshots: unknown): string[] {
  const [snapshot] = Array.isArray(snapshots) ? (snapshots as unknown[]) : [];
  const tags = isRecord(snapshot) ? snapshot["tags"] : undefined;
  return Array.isArray(tags) ? tags.map(String) : [];
}

/** Restores a snapshot into a directory and returns how many bytes that was. */
export async function restoreVolume(restore: VolumeRestore): Promise<number> {
  const { restic, repository, snapshot, path, verify } = restore;
  const done = new AbortController();
  // restic takes a while to open a repository: ask for the size while the restore already runs.
  const sized = restic
    .read(repository, ["stats", snapshot, "--mode", "restore-size"])
    .then((stats) => numberField(stats, "total_size"));
  const tagged = restic.read(repository, ["snapshots", snapshot]).then(tagsOf);
  const watching = sized.then((totalBytes) => watchArrival(restore, totalBytes, done.signal));
  const args = ["restore", snapshot, "--target", path, ...(verify ? ["--verify"] : [])];
  const restoring = restic.run({ repository, args, cwd: path }).finally(() => done.abort());
  // All of them are waited for, so that nothing of a failed restore goes on behind its back.
  const ends = await Promise.allSettled([restoring, watching, tagged]);
  const failed = ends.find((end) => end.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  await applyRootTag(path, await tagged);
  return sized;
}
