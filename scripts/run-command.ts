import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

export type CommandResult = { readonly code: number; readonly output: string; readonly ms: number };

export type CommandOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Shows what the command prints while it runs, beside keeping it. */
  readonly isShown?: boolean;
  /** Ends the command and all it started when this process is killed and can end nothing any more. */
  readonly isLeashed?: boolean;
};

/** A shell at the head of its own group, which kills the group when its input ends. */
const LEASH = [
  "exec 3<&0",
  "{ read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & leash=$!",
  '"$@" </dev/null 3<&-; code=$?',
  "kill $leash; exit $code",
].join("\n");

const running = new Set<ChildProcess>();

/** Runs a command to its end and keeps what it printed; never throws because of what the command did. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const startedAt = performance.now();
  const isLeashed = options.isLeashed === true;
  const [file, argv] = isLeashed ? ["sh", ["-c", LEASH, "sh", command, ...args]] : [command, args];
  const child = spawn(file, argv, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: [isLeashed ? "pipe" : "ignore", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);
  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer): void => {
    chunks.push(chunk);
    if (options.isShown === true) process.stdout.write(chunk);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  return new Promise((resolve) => {
    const finish = (code: number): void => {
      running.delete(child);
      const output = Buffer.concat(chunks).toString("utf8");
      resolve({ code, output, ms: performance.now() - startedAt });
    };
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${command} cannot be run: ${error.message}\n`));
      finish(127);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

/** Ends whatever commands are under way, with the processes they started. */
export function killCommands(): void {
  for (const child of running) {
    if (child.pid !== undefined) killGroup(child.pid, "SIGTERM");
  }
}

/** Signals a process and all it started; false when there is nothing left to signal. */
export function killGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Ends the process with a sentence for the person at the terminal. */
export class Refusal extends Error {}
