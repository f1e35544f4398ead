import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startObjectStore } from "./object-store.ts";

const run = promisify(execFile);

test("serves restic: a backup checks out and restores to the same bytes", async () => {
  const directory = await mkdtemp(join(tmpdir(), "object-store-restic-"));
  const store = await startObjectStore({
    dataDir: join(directory, "store"),
    port: 0,
    accessKey: "drover",
    secretKey: "restic-secret",
    buckets: ["backups"],
  });
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: directory,
    RESTIC_REPOSITORY: `s3:${store.url}/backups/velero/restic/ns`,
    RESTIC_PASSWORD: "password",
    RESTIC_CACHE_DIR: join(directory, "cache"),
    AWS_ACCESS_KEY_ID: "drover",
    AWS_SECRET_ACCESS_KEY: "restic-secret",
  };
  const source = join(directory, "source");
  await mkdir(join(source, "sub"), { recursive: true });
  const big = randomBytes(24 << 20);
  await writeFile(join(source, "big"), big);
  for (let index = 0; index < 200; index += 1) {
    await writeFile(join(source, "sub", `${index}`), randomBytes(2000));
  }
  try {
    await run("restic", ["init"], { env });
    await run("restic", ["backup", "."], { env, cwd: source });
    await run("restic", ["check", "--read-data"], { env });
    await run("restic", ["restore", "latest", "--target", join(directory, "restored")], { env });
    const hash = (data: Buffer) => createHash("sha256").update(data).digest("hex");
    const restored = await readFile(join(directory, "restored", "big"));
    expect(hash(restored)).toBe(hash(big));
    const { stdout } = await run("diff", ["-r", source, join(directory, "restored")]);
    expect(stdout).toBe("");
    await run("restic", ["forget", "latest", "--prune"], { env });
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
});
