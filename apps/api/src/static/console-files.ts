import { readdirSync, statSync } from "node:fs";
import { relative } from "node:path";
import { readAsset } from "./asset.ts";
import type { Asset } from "./asset.ts";
import { pageFinder } from "./find-page.ts";

/** The console as it was built; undefined when it was not. */
export type ConsoleFiles = {
  readonly find: (urlPath: string) => Asset | undefined;
  readonly notFoundPage: Asset | undefined;
};

function readFiles(root: string): ConsoleFiles {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, `${entry.parentPath}/${entry.name}`));
  const assets = new Map(paths.map((path) => [path, readAsset(root, path)]));
  const find = pageFinder(paths);
  return {
    find: (urlPath) => {
      const path = find(urlPath);
      return path === undefined ? undefined : assets.get(path);
    },
    notFoundPage: assets.get("404.html"),
  };
}

/** Follows the build: files are read when there are some, and again after the next build. */
export function openConsoleFiles(root: string): () => ConsoleFiles | undefined {
  let builtAt: number | undefined;
  let files: ConsoleFiles | undefined;
  return () => {
    const current = statSync(`${root}/index.html`, { throwIfNoEntry: false })?.mtimeMs;
    if (current !== builtAt) {
      builtAt = current;
      files = current === undefined ? undefined : readFiles(root);
    }
    return files;
  };
}
