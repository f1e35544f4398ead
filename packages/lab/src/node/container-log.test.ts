import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openContainerLog } from "./container-log.ts";
import { readLog } from "./log-reader.ts";
import type { LogQuery } from "./log-reader.ts";
import type { ContainerLog } from "./container-log.ts";

function logAt(): ContainerLog {
  return openContainerLog(join(mkdtempSync(join(tmpdir(), "log-")), "0.log"));
}

async function textOf(log: ContainerLog, query: LogQuery = {}): Promise<string> {
  let text = "";
  for await (const chunk of readLog(log.path, log, query)) text += chunk;
  return text;
}

test("keeps lines whole that arrive in pieces, and the last one without its end", async () => {
  const log = logAt();
  log.stdout.write("one\ntw");
  log.stdout.write("o\nthr€e".slice(0, 5));
  log.stderr.write("error\n");
  log.end();
  expect(await textOf(log)).toBe("one\ntwo\nerror\nthr\n");
});

test("gives the last lines, with times when asked, up to a number of bytes", async () => {
  const log = logAt();
  for (let line = 1; line <= 20; line += 1) log.line(`line ${line}`);
  expect(await textOf(log, { tailLines: 2 })).toBe("line 19\nline 20\n");
  expect(await textOf(log, { tailLines: 1, timestamps: true })).toMatch(/^\d{4}-.*Z line 20\n$/);
  expect(await textOf(log, { limitBytes: 10 })).toBe("line 1\nlin");
  expect(await textOf(log, { sinceMs: Date.now() + 1000 })).toBe("");
  expect(await textOf(log, { tailLines: 0 })).toBe("");
});

test("follows from the first line to the end of the container with no line lost or twice", async () => {
  const log = logAt();
  log.line("1");
  const followed = textOf(log, { follow: true });
  for (let line = 2; line <= 50; line += 1) {
    log.line(String(line));
    if (line % 10 === 0) await new Promise(setImmediate);
  }
  log.end();
  const expected = Array.from({ length: 50 }, (_, index) => `${index + 1}\n`).join("");
  expect(await followed).toBe(expected);
});

test("stops following when the reader goes away", async () => {
  const log = logAt();
  const gone = new AbortController();
  const followed = textOf(log, { follow: true, signal: gone.signal });
  log.line("1");
  await new Promise(setImmediate);
  gone.abort();
  expect(await followed).toBe("1\n");
});

test("a log that runs full keeps its newest lines within two files", async () => {
  const log = logAt();
  const text = "x".repeat(64 * 1024);
  for (let line = 0; line < 200; line += 1) log.line(`${line} ${text}`);
  expect(statSync(log.path).size + statSync(`${log.path}.1`).size).toBeLessThan(9 * 1024 * 1024);
  expect(await textOf(log, { tailLines: 1 })).toBe(`199 ${text}\n`);
});
