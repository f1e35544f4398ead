import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { LOCK_NAME, takeLock } from "./instance-lock.ts";
import { identityOf, isRunning } from "./process-identity.ts";

async function stateDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "drover-lock-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("a second start names the first and leaves it alone", async () => {
  const folder = await stateDir();
  const lock = await takeLock(folder, "http://localhost:3000");
  await expect(takeLock(folder, "http://localhost:4000")).rejects.toThrow(
    `Drover already runs here: http://localhost:3000 (process ${process.pid}`,
  );
  lock.release();
  expect(existsSync(join(folder, LOCK_NAME))).toBe(false);
});

test("a lock left by a killed process is taken over and its children are ended", async () => {
  const folder = await stateDir();
  const orphan = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const child = identityOf(orphan.pid ?? 0);
  const dead = { pid: 999_999_999, startTime: "1", url: "u", since: "s", children: [child] };
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify(dead));
  await takeLock(folder, "http://localhost:3000");
  await expect.poll(() => isRunning(child)).toBe(false);
  expect(readFileSync(join(folder, LOCK_NAME), "utf8")).toContain(`"pid":${process.pid}`);
});

test("a number that another process has now does not keep the lock", async () => {
  const folder = await stateDir();
  const reused = { pid: process.pid, startTime: "1", url: "u", since: "s", children: [] };
  writeFileSync(join(folder, LOCK_NAME), JSON.stringify(reused));
  await expect(takeLock(folder, "http://localhost:3000")).resolves.toBeDefined();
});

test("a lock that is no lock does not block", async () => {
  const folder = await stateDir();
  writeFileSync(join(folder, LOCK_NAME), "{half");
  await expect(takeLock(folder, "http://localhost:3000")).resolves.toBeDefined();
});
