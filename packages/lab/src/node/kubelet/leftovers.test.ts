import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { podDirVariable } from "../child.ts";
import { killLeftovers, sweepPodDirs } from "./leftovers.ts";

test("programs an earlier lab left behind are killed, those of another lab are not", async () => {
  const start = (podsDir: string) => {
    const child = spawn("sleep", ["100"], {
      env: { ...process.env, [podDirVariable]: `${podsDir}/uid` },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const [ours, theirs] = [start("/lab-one/pods"), start("/lab-one/pods-of-another")];
  await Promise.all([once(ours, "spawn"), once(theirs, "spawn")]);
  const ended = once(ours, "exit");
  await killLeftovers("/lab-one/pods");
  expect((await ended)[1]).toBe("SIGKILL");
  expect(theirs.exitCode ?? theirs.signalCode).toBeNull();
});

test("directories of pods that are no more are removed", async () => {
  const podsDir = mkdtempSync(join(tmpdir(), "pods-"));
  onTestFinished(() => rmSync(podsDir, { recursive: true, force: true }));
  for (const uid of ["kept", "gone"])
    mkdirSync(join(podsDir, uid, "containers"), { recursive: true });
  await sweepPodDirs(podsDir, new Set(["kept"]));
  expect([existsSync(join(podsDir, "kept")), existsSync(join(podsDir, "gone"))]).toEqual([
    true,
    false,
  ]);
});
