import { execFile } from "node:child_process";
import { mkdir, mkdtemp, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { nameOf } from "../node/kinds/lab-kind.ts";
import type { PersistentVolume } from "../node/kinds/storage.ts";
import { bytesOf } from "./quantity.ts";

const run = promisify(execFile);
const sizedAttribute = { filesystem: "own" } as const;
/** The smallest file system that has room for anything. */
const leastBytes = 1024 * 1024;
const patienceMs = 5_000;

/** Volumes that are file systems of their own, no larger than their capacity: what does not fit fails with ENOSPC. */
export type SizedVolumes = {
  /** Makes the file system at its first use, and lets the directory show it. */
  mount(volume: PersistentVolume, directory: string): Promise<void>;
  /** Takes the file system with all its data away. */
  remove(volume: PersistentVolume, directory: string): Promise<void>;
  /** Unmounts everything; the data stays. */
  close(): Promise<void>;
};

/** Marks a volume as one with a file system of its own. */
export const sizedVolumeAttributes: Readonly<Record<string, string>> = sizedAttribute;

export function isSized({ spec: { csi } }: PersistentVolume): boolean {
  const attributes = csi?.["volumeAttributes"];
  if (typeof attributes !== "object" || attributes === null) return false;
  return "filesystem" in attributes && attributes.filesystem === sizedAttribute.filesystem;
}

/** File systems in files of `imagesDir`, mounted through loop devices. */
export function sizedVolumes(imagesDir: string): SizedVolumes {
  const mounted = new Set<string>();
  const imageOf = (volume: PersistentVolume): string => join(imagesDir, `${nameOf(volume)}.img`);
  return {
    async mount(volume, directory) {
      await mkdir(directory, { recursive: true });
      if (!(await isMounted(directory))) {
        const image = imageOf(volume);
        await mkdir(imagesDir, { recursive: true });
        const isNew = (await stat(image).catch(() => undefined)) === undefined;
        if (isNew) await makeFileSystem(image, bytesOf(volume.spec.capacity?.["storage"]));
        await run("mount", ["-o", "loop", image, directory]);
        // Not every application likes to find a folder in its new volume.
        if (isNew) await rm(join(directory, "lost+found"), { recursive: true, force: true });
      }
      mounted.add(directory);
    },
    async remove(volume, directory) {
      await unmount(directory);
      mounted.delete(directory);
      await rm(imageOf(volume), { force: true });
    },
    async close() {
      for (const directory of mounted) await unmount(directory);
      mounted.clear();
    },
  };
}

/** Why this machine cannot have such volumes; undefined when it can. */
export async function sizedVolumesProblem(): Promise<string | undefined> {
  const dir = await mkdtemp(join(tmpdir(), "drover-lab-mount-"));
  const [image, directory] = [join(dir, "trial.img"), join(dir, "trial")];
  try {
    await mkdir(directory);
    await makeFileSystem(image, leastBytes);
    await run("mount", ["-o", "loop", image, directory]);
    await unmount(directory);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    return `Volumes with a file system of their own need root, loop devices, mkfs.ext4 and mount. ${reason}`;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function makeFileSystem(image: string, bytes: number): Promise<void> {
  const draft = `${image}.new`;
  const file = await open(draft, "w");
  await file.truncate(Math.max(leastBytes, bytes));
  await file.close();
  await run("mkfs.ext4", ["-q", "-F", "-m", "0", "-O", "^has_journal", draft]);
  await rename(draft, image);
}

/** Whatever still has a file open there is about to end. */
async function unmount(directory: string): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (await isMounted(directory)) {
    try {
      await run("umount", [directory]);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

async function isMounted(directory: string): Promise<boolean> {
  const path = await realpath(directory).catch(() => undefined);
  const table = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  return table.split("\n").some((line) => line.split(" ")[4]?.replaceAll("\\040", " ") === path);
}
