import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export type LogStream = "stdout" | "stderr";

/** The log of one run of a container: lines with time and stream on disk, and whoever follows them. */
export type ContainerLog = {
  readonly path: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  line(text: string): void;
  /** Hears of each line after it is on disk, and of the end. Returns what stops it. */
  follow(follower: LogFollower): () => void;
  /** Writes what has no line end yet, and ends all followers. */
  end(): void;
};

export type LogFollower = { line(line: string): void; end(): void };

/** A log is at most two files of this size: the older half is forgotten when the newer one is full. */
const maxFileBytes = 4 * 1024 * 1024;

/** Opens the log at `path`; what an earlier process wrote there is kept. */
export function openContainerLog(path: string): ContainerLog {
  mkdirSync(dirname(path), { recursive: true });
  const followers = new Set<LogFollower>();
  let file = openSync(path, "a", 0o640);
  let size = statSync(path).size;
  let ended = false;

  const write = (stream: LogStream, text: string): void => {
    if (ended) return;
    const line = `${new Date().toISOString()} ${stream} F ${text}`;
    // Written at once, so that a reader in this process sees every line or is told of it, and none twice.
    size += writeSync(file, `${line}\n`);
    if (size > maxFileBytes) rotate();
    for (const follower of followers) follower.line(line);
  };
  const rotate = (): void => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, "a", 0o640);
    size = 0;
  };
  const stdout = lineWriter((text) => write("stdout", text));
  const stderr = lineWriter((text) => write("stderr", text));
  return {
    path,
    stdout: stdout.stream,
    stderr: stderr.stream,
    line: (text) => text.split("\n").forEach((line) => write("stdout", line)),
    follow(follower) {
      if (ended) follower.end();
      else followers.add(follower);
      return () => followers.delete(follower);
    },
    end() {
      if (ended) return;
      stdout.flush();
      stderr.flush();
      ended = true;
      closeSync(file);
      for (const follower of followers) follower.end();
      followers.clear();
    },
  };
}

/** A stream that hands out whole lines; a carriage return ends a line too, as progress meters use it. */
function lineWriter(line: (text: string) => void): { stream: Writable; flush(): void } {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const take = (text: string): void => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    lines.forEach(line);
  };
  const stream = new Writable({
    write(chunk: Buffer, _encoding, written) {
      take(decoder.write(chunk));
      written();
    },
  });
  return {
    stream,
    flush() {
      take(decoder.end());
      if (rest !== "") line(rest.replace(/\r$/, ""));
      rest = "";
    },
  };
}
