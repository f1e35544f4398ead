import { StringDecoder } from "node:string_decoder";
import { KubeError } from "./kube-error.ts";

const MAX_LINE_CHARS = 64 * 1024 * 1024;

/** The lines of a byte stream, without their ends; a last line without one counts too. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  // Pieces are joined once per line: appending to one string per chunk costs quadratic time on long lines.
  let pieces: string[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const parts = decoder.write(chunk).split("\n");
    const rest = parts.pop() ?? "";
    for (const part of parts) {
      yield withoutCarriageReturn(pieces.join("") + part);
      pieces = [];
      size = 0;
    }
    pieces.push(rest);
    size += rest.length;
    if (size > MAX_LINE_CHARS) throw endlessLine();
  }
  const last = pieces.join("") + decoder.end();
  if (last !== "") yield last;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function endlessLine(): KubeError {
  const message = "The server sent a line longer than 64 MiB; the stream was dropped.";
  return new KubeError({ code: 0, reason: "BadAnswer", message });
}
