import { randomBytes } from "node:crypto";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";

const MIB = 1024 * 1024;
const FILES_PER_DIRECTORY = 100;

/** One file of random bytes, which nothing can compress. */
export async function bigFile(directory: string, mebibytes: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = await open(join(directory, "big"), "w");
  try {
    for (let written = 0; written < mebibytes; written += 1) await file.write(randomBytes(MIB));
  } finally {
    await file.close();
  }
}

/** Files of 4 KiB of random bytes, a hundred in each directory. */
export async function smallFiles(directory: string, count: number): Promise<void> {
  for (let first = 0; first < count; first += FILES_PER_DIRECTORY) {
    const folder = join(directory, `d${first / FILES_PER_DIRECTORY}`);
    await mkdir(folder, { recursive: true });
    const names = Array.from({ length: Math.min(FILES_PER_DIRECTORY, count - first) }, (_, n) => n);
    await Promise.all(names.map((n) => writeFile(join(folder, `f${n}`), randomBytes(4_096))));
  }
}
