import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PodContext, Program } from "../node/program.ts";

const lookEveryMs = 100;

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function waitingFor(pod: PodContext, restore: string): Promise<string[]> {
  const root = pod.path("/restores");
  const waiting: string[] = [];
  for (const volume of await readdir(root)) {
    if (!(await exists(join(root, volume, ".velero", restore)))) waiting.push(volume);
  }
  return waiting;
}

/**
 * The image `velero/velero-restore-helper`: holds a restored pod back until each volume below `/restores` has
 * the file `.velero/<restore>` that says it is complete, and then takes the marks away. A file system tells nobody when a
 * file appears in a volume someone else writes, so it looks.
 */
export const restoreWaitProgram: Program = async (pod) => {
  const [restore] = pod.args;
  if (restore === undefined || restore === "") {
    pod.log("The first argument must be the uid of the restore to wait for.");
    return 1;
  }
  let reported = "";
  while (!pod.signal.aborted) {
    const waiting = await waitingFor(pod, restore);
    if (waiting.length === 0) {
      const root = pod.path("/restores");
      for (const volume of await readdir(root)) {
        await rm(join(root, volume, ".velero"), { recursive: true, force: true });
      }
      pod.log("All volumes are restored.");
      return 0;
    }
    if (waiting.join() !== reported) pod.log(`Waiting for the volumes: ${waiting.join(", ")}`);
    reported = waiting.join();
    await sleep(lookEveryMs, undefined, { signal: pod.signal }).catch(() => undefined);
  }
  return 143;
};
