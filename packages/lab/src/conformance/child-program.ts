import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** A program that runs beside the tests, its output in a file. */
export type ChildProgram = {
  readonly name: string;
  readonly pid: number;
  /** What became of it; undefined while it runs. */
  readonly end: () => string | undefined;
  stop(): Promise<void>;
};

const PATIENCE_MS = 10_000;

/** Starts a program; it never outlives this process. */
export function startProgram(
  file: string,
  flags: Readonly<Record<string, string>>,
  logFile: string,
): ChildProgram {
  const name = basename(file);
  const log = openSync(logFile, "a");
  const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  const child = spawn(file, args, { stdio: ["ignore", log, log] });
  closeSync(log);
  let end: string | undefined;
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => {
    const finish = (how: string): void => {
      end ??= `${name} ended (${how}). Its last words:\n${lastLines(logFile)}`;
      process.off("exit", kill);
      resolve();
    };
    child.on("error", (error) => finish(error.message));
    child.on("exit", (code, signal) => finish(signal ?? `exit code ${code ?? "unknown"}`));
  });
  return {
    name,
    pid: child.pid ?? 0,
    end: () => end,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(kill, PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-10).join("\n");
}
