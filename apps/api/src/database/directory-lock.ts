import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

export type DirectoryLock = { readonly release: () => void };

/** Boot-relative start time of a process; tells a recycled process id from its first owner. Empty off Linux. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isHeld(content: string): boolean {
  const [pidText, startTime] = content.trim().split(" ");
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  return isAlive(pid) && (startTime === undefined || startTimeOf(pid) === startTime);
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Takes the lock file out of the way, unless another process replaced it since it was read. */
function clearStale(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== stale) linkSync(aside, path);
  rmSync(aside);
}

/** The file appears with its content at once: a link either succeeds or finds another's lock. */
function tryCreate(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/**
 * Holds `path` for this process. PGlite takes no lock of its own, and a second opener loses the rows of the first.
 * A lock whose owner was killed is taken over.
 */
export function lockDirectory(path: string): DirectoryLock {
  const content = `${process.pid} ${startTimeOf(process.pid)}\n`;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (tryCreate(path, content)) {
      return {
        release: () => {
          if (readIfPresent(path) === content) rmSync(path);
        },
      };
    }
    const holder = readIfPresent(path);
    if (holder === undefined) continue;
    if (isHeld(holder))
      throw new Error(
        `The database is in use by process ${holder.trim().split(" ")[0]} (${path}). Stop that process, or set DROVER_STATE_DIR to another directory.`,
      );
    clearStale(path, holder);
  }
  throw new Error(
    `Could not take ${path}: other processes are starting at the same time. Try again.`,
  );
}
