import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ServiceLog } from "./service-log.ts";
import { Service } from "./service.ts";

async function serviceRunning(
  code: string,
): Promise<{ service: Service; pids: number[]; log: ServiceLog }> {
  const folder = await mkdtemp(join(tmpdir(), "drover-service-"));
  const main = join(folder, "main.mjs");
  await writeFile(main, code);
  const log = new ServiceLog("probe", folder, false);
  const pids: number[] = [];
  const service = new Service({ name: "probe", main, env: {}, log }, () => {
    if (service.pid !== undefined) pids.push(service.pid);
  });
  onTestFinished(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });
  return { service, pids, log };
}

const READY = 'console.log("probe ready"); setInterval(() => {}, 1000);';

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("starts a process again when it dies, and only when it was not told to stop", async () => {
  const { service, pids } = await serviceRunning(READY);
  await service.start();
  process.kill(pids[0] ?? 0, "SIGKILL");
  await expect.poll(() => pids).toHaveLength(2);
  await service.stop();
  expect(pids.some(isAlive)).toBe(false);
  expect(pids).toHaveLength(2);
});

test("says so when a process ends before it is ready, and keeps its last words", async () => {
  const { service, log } = await serviceRunning('console.error("no disk"); process.exit(3);');
  await expect(service.start()).rejects.toThrow(
    "The probe ended with exit code 3 before it was ready.",
  );
  await expect.poll(() => log.lastLines).toEqual(["no disk"]);
});

test("lets a process finish what it does on SIGTERM", async () => {
  const { service, log } = await serviceRunning(
    `process.on("SIGTERM", () => setTimeout(() => { console.log("done"); process.exit(0); }, 100)); ${READY}`,
  );
  await service.start();
  await service.stop();
  await expect.poll(() => log.lastLines).toContain("done");
});

test("leaves nothing behind of what a dead process had started", async () => {
  const { service, pids, log } = await serviceRunning(
    `import { spawn } from "node:child_process"; console.log("child " + spawn("sleep", ["60"]).pid); ${READY}`,
  );
  await service.start();
  const child = Number(log.lastLines[0]?.split(" ")[1]);
  expect(isAlive(child)).toBe(true);
  process.kill(pids[0] ?? 0, "SIGKILL");
  await expect.poll(() => isAlive(child)).toBe(false);
});
