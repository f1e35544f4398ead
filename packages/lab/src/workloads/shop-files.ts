import { createHash } from "node:crypto";
import {
  chmod,
  chown,
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import type { PodContext } from "../node/program.ts";
import { shopCatalogue } from "./shop-catalogue.ts";
import type { ShopEntry } from "./shop-catalogue.ts";

/** Written last: a volume that has it is complete. */
const manifestName = "MANIFEST";
const writersAtOnce = 16;

/**
 * Fills the volume at `SHOP_DIR` (`/var/lib/shop`) with the shop's files, unless it is full already. The same files
 * come out every time, so an interrupted run is simply repeated.
 */
export async function shopFiles(pod: PodContext): Promise<number> {
  const root = pod.path(pod.env["SHOP_DIR"] ?? "/var/lib/shop");
  if ((await lstat(join(root, manifestName)).catch(() => undefined)) !== undefined) {
    pod.log("the shop's files are there");
    return 0;
  }
  const entries = shopCatalogue(Number(pod.env["SHOP_FILES"] ?? 5_000));
  await writeEntries(root, entries, pod.signal);
  if (pod.signal.aborted) return 1;
  await writeFile(join(root, manifestName), manifestOf(entries));
  pod.log(`wrote ${entries.length} entries`);
  return 0;
}

/** Writes a catalogue below a directory. Owners are set only where this process may set them. */
export async function writeEntries(
  root: string,
  entries: readonly ShopEntry[],
  signal: AbortSignal,
): Promise<void> {
  const folders = entries.filter(({ type }) => type === "directory");
  const files = entries.filter(({ type }) => type === "file" || type === "sparse");
  const links = entries.filter(({ type }) => type === "symlink" || type === "hardlink");
  for (const folder of folders) await mkdir(join(root, folder.path), { recursive: true });
  for (const group of [files, links]) {
    const queue = group.values();
    const writer = async (): Promise<void> => {
      for (const entry of queue) {
        if (signal.aborted) return;
        await writeEntry(root, entry);
      }
    };
    await Promise.all(Array.from({ length: writersAtOnce }, writer));
  }
  // Children change a folder's times and may need its write bit, so folders come last, the deepest first.
  for (const folder of folders.toReversed()) await dress(root, folder);
}

async function writeEntry(root: string, entry: ShopEntry): Promise<void> {
  const path = join(root, entry.path);
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  switch (entry.type) {
    case "symlink":
      await symlink(entry.target, path);
      break;
    case "hardlink":
      // It shares owner, mode and times with the file it names.
      await link(join(root, entry.target), path);
      return;
    case "sparse":
      await writeSparse(path, entry);
      break;
    case "file":
      await writeFile(path, entry.content);
      break;
    case "directory":
      return;
  }
  await dress(root, entry);
}

async function writeSparse(
  path: string,
  { sizeBytes, content }: Extract<ShopEntry, { type: "sparse" }>,
): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.truncate(sizeBytes);
    await file.write(content, 0, content.length, Math.floor(sizeBytes / 2));
  } finally {
    await file.close();
  }
}

async function dress(root: string, entry: ShopEntry): Promise<void> {
  const path = join(root, entry.path);
  if (entry.type !== "symlink") {
    if (process.getuid?.() === 0) await chown(path, entry.uid, entry.gid);
    await chmod(path, entry.mode);
  }
  await lutimes(path, entry.mtimeSeconds, entry.mtimeSeconds);
}

function manifestOf(entries: readonly ShopEntry[]): string {
  return entries.map((entry) => `${describe(entry)} ${JSON.stringify(entry.path)}\n`).join("");
}

function describe(entry: ShopEntry): string {
  if (entry.type !== "file") return entry.type;
  return createHash("sha256").update(entry.content).digest("hex").slice(0, 16);
}
