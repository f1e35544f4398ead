import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Writable } from "node:stream";

/** Names the pod directory in the environment of every child, so that leftovers of a killed lab can be found. */
export const podDirVariable = "DROVER_LAB_POD_DIR";

export type ChildProcess = {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Passed on as SIGTERM. */
  readonly signal: AbortSignal;
  /** Passed on as SIGKILL. */
  readonly killed: AbortSignal;
};

/**
 * Runs a real program in a process group of its own, so that whatever it starts is stopped with it. Resolves to the
 * exit code; 128 + signal number when a signal ended it.
 */
export async function runChild(child: ChildProcess): Promise<number> {
  const process = spawn(child.file, child.args, {
    cwd: child.cwd,
    env: { ...child.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  // As in a container: the first process is asked to end, and its end is the end of all it started.
  const terminate = (): void => void process.kill("SIGTERM");
  const kill = (): void => signalGroup(process.pid, "SIGKILL");
  child.signal.addEventListener("abort", terminate);
  child.killed.addEventListener("abort", kill);
  process.once("exit", kill);
  // A child that does not read its input closes the pipe early; its exit code tells what that means.
  process.stdin.on("error", () => process.stdin.destroy());
  process.stdout.pipe(child.stdout, { end: false });
  process.stderr.pipe(child.stderr, { end: false });
  if (child.signal.aborted) terminate();
  if (child.killed.aborted) kill();
  process.stdin.end(child.input ?? "");
  try {
    const [code, signal] = (await once(process, "close")) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  } finally {
    child.signal.removeEventListener("abort", terminate);
    child.killed.removeEventListener("abort", kill);
  }
}

/** Signals a process group; one that is already gone is fine. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
