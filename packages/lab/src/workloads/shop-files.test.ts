import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { shopCatalogue } from "./shop-catalogue.ts";
import { writeEntries } from "./shop-files.ts";

const isRoot = process.getuid?.() === 0;

test("the catalogue is the same every time and holds what copies get wrong", () => {
  const entries = shopCatalogue(5_000);
  expect(shopCatalogue(5_000)).toEqual(entries);
  const count = (type: string): number => entries.filter((entry) => entry.type === type).length;
  expect(count("file")).toBe(5_000);
  for (const type of ["symlink", "hardlink", "sparse", "directory"])
    expect(count(type)).toBeGreaterThan(10);
  expect(new Set(entries.map(({ path }) => path)).size).toBe(entries.length);
  expect(new Set(entries.map(({ uid }) => uid)).size).toBeGreaterThan(4);
  expect(entries.some(({ path }) => path.includes("\n"))).toBe(true);
});

test("files are written with their modes, owners, times, links and holes, also a second time", async () => {
  const root = mkdtempSync(join(tmpdir(), "shop-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const entries = shopCatalogue(120);
  for (let round = 0; round < 2; round += 1)
    await writeEntries(root, entries, new AbortController().signal);
  for (const entry of entries) {
    const found = lstatSync(join(root, entry.path));
    if (entry.type === "hardlink") {
      expect(found.ino).toBe(lstatSync(join(root, entry.target)).ino);
      continue;
    }
    expect([entry.path, Math.floor(found.mtimeMs / 1000)]).toEqual([
      entry.path,
      entry.mtimeSeconds,
    ]);
    if (entry.type === "symlink") {
      expect(readlinkSync(join(root, entry.path))).toBe(entry.target);
      continue;
    }
    expect([entry.path, found.mode & 0o7777]).toEqual([entry.path, entry.mode]);
    if (isRoot) expect([found.uid, found.gid]).toEqual([entry.uid, entry.gid]);
    if (entry.type === "file") expect(readFileSync(join(root, entry.path))).toEqual(entry.content);
    if (entry.type === "sparse") {
      expect(found.size).toBe(entry.sizeBytes);
      expect(found.blocks * 512).toBeLessThan(entry.sizeBytes / 2);
    }
  }
});
