import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { shopCatalogue } from "./shop-catalogue.ts";
import type { ShopEntry } from "./shop-catalogue.ts";
import { writeEntries } from "./shop-files.ts";

const isRoot = process.getuid?.() === 0;

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

test("the catalogue is the same every time and holds what copies get wrong", () => {
  const entries = shopCatalogue(5_000);
  const digest = (list: readonly ShopEntry[]) => hashOf(Buffer.from(JSON.stringify(list)));
  expect(digest(shopCatalogue(5_000))).toBe(digest(entries));
  const count = (type: string): number => entries.filter((entry) => entry.type === type).length;
  expect(count("file")).toBe(5_000);
  const others = ["symlink", "hardlink", "sparse", "directory"].map(count);
  expect(Math.min(...others)).toBeGreaterThan(10);
  expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
  expect(new Set(entries.map(({ uid }) => uid)).size).toBeGreaterThan(4);
  expect(entries.some(({ path }) => path.includes("\n"))).toBe(true);
});

/** What should be found of an entry once it is written. */
function wanted(entry: ShopEntry): Record<string, unknown> {
  const { path, type, mode, uid, gid, mtimeSeconds } = entry;
  if (type === "hardlink") return { path, isSameAs: entry.target };
  if (type === "symlink") return { path, mtimeSeconds, target: entry.target };
  const owner = isRoot ? { uid, gid } : {};
  const content = type === "file" ? { hash: hashOf(entry.content) } : {};
  const size = type === "sparse" ? { size: entry.sizeBytes, hasHoles: true } : {};
  return { path, mode, mtimeSeconds, ...owner, ...content, ...size };
}

function found(root: string, entry: ShopEntry): Record<string, unknown> {
  const { path, type } = entry;
  const stats = lstatSync(join(root, path));
  const mtimeSeconds = Math.floor(stats.mtimeMs / 1000);
  if (type === "hardlink") {
    const isSame = stats.ino === lstatSync(join(root, entry.target)).ino;
    return { path, isSameAs: isSame ? entry.target : undefined };
  }
  if (type === "symlink") return { path, mtimeSeconds, target: readlinkSync(join(root, path)) };
  const owner = isRoot ? { uid: stats.uid, gid: stats.gid } : {};
  const content = type === "file" ? { hash: hashOf(readFileSync(join(root, path))) } : {};
  const hasHoles = stats.blocks * 512 < stats.size / 2;
  const size = type === "sparse" ? { size: stats.size, hasHoles } : {};
  return { path, mode: stats.mode & 0o7777, mtimeSeconds, ...owner, ...content, ...size };
}

test("files are written with their modes, owners, times, links and holes, also a second time", async () => {
  const root = mkdtempSync(join(tmpdir(), "shop-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const entries = shopCatalogue(120);
  for (let round = 0; round < 2; round += 1) {
    await writeEntries(root, entries, new AbortController().signal);
  }
  expect(entries.map((entry) => found(root, entry))).toEqual(entries.map(wanted));
});
