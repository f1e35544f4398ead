import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { productEnv, publicUrl } from "../product.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a second start says that one is running, and leaves it alone", async ({ request }) => {
  const answer = await new Promise<{ code: number | null; output: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ["scripts/start.mjs"],
      { cwd: root, env: { ...process.env, ...productEnv }, timeout: 60_000 },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, output: stdout + stderr });
      },
    );
  });
  expect(answer.code).toBe(1);
  expect(answer.output).toContain("Drover already runs here");
  expect(answer.output).toContain(publicUrl);
  expect((await request.get("/api/readyz")).ok()).toBe(true);
});
