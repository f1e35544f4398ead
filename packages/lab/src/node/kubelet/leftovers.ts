import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { podDirVariable } from "../child.ts";

/**
 * Kills programs that an earlier lab process started for pods below `podsDir` and could not stop, as after a
 * `kill -9`: two writers on one volume would ruin it. Only where /proc exists.
 */
export async function killLeftovers(podsDir: string): Promise<void> {
  const processes = await readdir("/proc").catch(() => []);
  const mark = `${podDirVariable}=${podsDir}/`;
  await Promise.all(
    processes
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => {
        // Unreadable: another user's process, or one that has just ended.
        const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
        if (environment.split("\0").some((entry) => entry.startsWith(mark)))
          killProcess(Number(pid));
      }),
  );
}

/** Removes the directories of pods that are no more. */
export async function sweepPodDirs(podsDir: string, keep: ReadonlySet<string>): Promise<void> {
  const uids = await readdir(podsDir).catch(() => []);
  const gone = uids.filter((uid) => !keep.has(uid));
  await Promise.all(gone.map((uid) => rm(join(podsDir, uid), { recursive: true, force: true })));
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
