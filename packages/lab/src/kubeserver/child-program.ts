import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** A program that runs beside the tests, its output in a file. */
export type ChildProgram = {
  readonly name: string;
  /** What became of it; undefined while it runs. */
  readonly end: () => string | undefined;
  /** Settles with what became of it when it ends without having been stopped. */
  readonly failure: Promise<string>;
  stop(): Promise<void>;
};

/** A shell that ends the program when its own input ends: also when we were killed and can end nothing any more. */
const LEASH = [
  "exec 3<&0",
  '"$@" </dev/null 3<&- & program=$!',
  "{ cat <&3; kill -KILL $program; } & leash=$!",
  "wait $program; code=$?",
  "kill $leash; exit $code",
].join("\n");

/** Starts a program; it never outlives this process. */
export function startProgram(
  file: string,
  flags: Readonly<Record<string, string>>,
  logFile: string,
): ChildProgram {
  const name = basename(file);
  const log = openSync(logFile, "a");
  const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  const child = spawn("sh", ["-c", LEASH, "sh", file, ...args], { stdio: ["pipe", log, log] });
  closeSync(log);
  let end: string | undefined;
  let isStopped = false;
  const { promise: failure, resolve: fail } = Promise.withResolvers<string>();
  const ended = new Promise<void>((resolve) => {
    const finish = (how: string): void => {
      child.stdin?.end();
      end ??= `${name} ended (${how}). Its last words:\n${lastLines(logFile)}`;
      if (!isStopped) fail(end);
      resolve();
    };
    child.on("error", (error) => finish(error.message));
    child.on("exit", (code, signal) => finish(signal ?? `exit code ${code ?? "unknown"}`));
  });
  return {
    name,
    end: () => end,
    failure,
    async stop() {
      isStopped = true;
      child.stdin?.end();
      await ended;
    },
  };
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-10).join("\n");
}
