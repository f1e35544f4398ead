import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isRunning, type ProcessIdentity } from "./process-identity.ts";
import { killGroup, Refusal } from "./run-command.ts";

export const LOCK_NAME = "instance.json";

type Instance = ProcessIdentity & {
  readonly url: string;
  readonly since: string;
  /** What it started, so that a successor can clear up after a kill -9. */
  readonly children: readonly ProcessIdentity[];
};

/** One Drover per state directory. */
export type InstanceLock = {
  rememberChildren(pids: readonly number[]): void;
  release(): void;
};

/** Takes the lock, clears up after a predecessor that was killed, or refuses because one is alive. */
export async function takeLock(stateDir: string, url: string): Promise<InstanceLock> {
  makeStateDir(stateDir);
  const path = join(stateDir, LOCK_NAME);
  const mine: Instance = {
    ...identityOf(process.pid),
    url,
    since: new Date().toISOString(),
    children: [],
  };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (createExclusively(path, mine)) return lockAt(path, mine);
    const other = readInstance(path);
    if (other !== undefined && isRunning(other)) throw alreadyRunning(other);
    if (other !== undefined) await clearUpAfter(other);
    rmSync(path, { force: true });
  }
  throw new Refusal(`${path} is being taken by another start at this very moment. Try again.`);
}

function lockAt(path: string, mine: Instance): InstanceLock {
  return {
    rememberChildren: (pids) => {
      replace(path, { ...mine, children: pids.map(identityOf) });
    },
    release: () => rmSync(path, { force: true }),
  };
}

// A link appears with its whole content at once; a file that is written would be seen half done.
function createExclusively(path: string, instance: Instance): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(instance), { mode: 0o600 });
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

function replace(path: string, instance: Instance): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(instance), { mode: 0o600 });
  renameSync(draft, path);
}

function readInstance(path: string): Instance | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const isInstance = typeof value === "object" && value !== null && "pid" in value;
    return isInstance ? (value as Instance) : undefined;
  } catch {
    // Gone in the meantime, or not ours: either way nobody holds it.
    return undefined;
  }
}

async function clearUpAfter(dead: Instance): Promise<void> {
  const left = (dead.children ?? []).filter(isRunning);
  if (left.length > 0)
    console.log(`The last run was killed; ending the ${left.length} processes it left.`);
  for (const { pid } of left) killGroup(pid, "SIGTERM");
  const deadline = performance.now() + 5_000;
  while (left.some(isRunning) && performance.now() < deadline) await sleep(50);
  for (const child of left) {
    if (isRunning(child)) killGroup(child.pid, "SIGKILL");
  }
}

function makeStateDir(stateDir: string): void {
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Refusal(
      `The state directory ${stateDir} cannot be made (${code}). DROVER_STATE_DIR chooses another place.`,
    );
  }
}

function alreadyRunning({ pid, url, since }: Instance): Refusal {
  return new Refusal(
    `Drover already runs here: ${url} (process ${pid}, since ${since}). It was left alone.\nStop it with Ctrl-C in its terminal or kill ${pid}. A second one beside it needs DROVER_STATE_DIR and the port variables of README.`,
  );
}
