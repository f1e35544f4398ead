import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const REQUIRED = ["README.md", "ARCHITECTURE.md", "AGENTS.md", "docs/coverage.md"];
const PLACES = /^(\.\/)?(apps|packages|scripts|docs|deploy|e2e|prisma|bench|\.ci)\//;
const PNPM_OWN = new Set(["install", "exec", "add", "run", "-r", "--filter", "-F", "dlx"]);

// Folders that a build makes are not there in a fresh clone, and documents may name them all the same.
const MADE = ["apps/api/src/generated", "apps/console/out", ".drover", ".toolchain"];

const isThereOrMade = (root: string, claim: string): boolean =>
  existsSync(join(root, claim)) || MADE.some((folder) => claim.startsWith(folder));

/** What documents say of this repository that is not so: paths, links and commands that do not exist. */
export function documentProblems(root: string): string[] {
  const missing = REQUIRED.filter((path) => !existsSync(join(root, path)));
  return [
    ...missing.map((path) => `${path} does not exist.`),
    ...documents(root).flatMap((path) => problemsOf(root, path)),
  ];
}

function documents(root: string): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith(".md"));
  const packages = ["apps", "packages"].flatMap((folder) => childrenOf(root, folder));
  const readmes = [...packages, "e2e", "deploy", "bench"].map((folder) =>
    join(folder, "README.md"),
  );
  return [...top, ...markdownBelow(root, "docs"), ...readmes].filter((path) =>
    existsSync(join(root, path)),
  );
}

function problemsOf(root: string, path: string): string[] {
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  const scripts = scriptNames(root);
  return lines.flatMap((line, index) =>
    [
      ...pathClaims(line).filter((claim) => !isThereOrMade(root, claim)),
      ...linkClaims(line).filter((claim) => !existsSync(join(root, dirname(path), claim))),
      ...commandClaims(line).filter((command) => !isCommand(root, scripts, command)),
    ].map((claim) => `${path}:${index + 1} names ${claim}, which does not exist.`),
  );
}

/** Paths in code marks; a star or a placeholder stands for anything, so the check ends before it. */
function pathClaims(line: string): string[] {
  const words = [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/));
  return words
    .filter((word) => PLACES.test(word))
    .map((word) => word.replace(/[:#].*$/, "").replace(/[,;.]$/, ""))
    .map((word) => (/[*<{[…]/.test(word) ? dirname(word.replace(/[*<{[…].*$/, "x")) : word));
}

function linkClaims(line: string): string[] {
  const targets = [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ""));
}

function commandClaims(line: string): string[] {
  return [...line.matchAll(/\b(npm|pnpm)\s+(run\s+)?([a-z-][\w:-]*)/g)]
    .filter(([, , , name = ""]) => isInCode(line, name))
    .map(([, tool, run = "", name]) => `${tool} ${run.trim() === "" ? "" : "run "}${name}`);
}

// In running text "npm alone" is no command; a command stands in code marks or begins its line.
function isInCode(line: string, name: string): boolean {
  const isMarked = [...line.matchAll(/`([^`]+)`/g)].some(([, code = ""]) => code.includes(name));
  return isMarked || /^\s*(\$ |[A-Z_]+=\S+ )*p?npm\s/.test(line);
}

function isCommand(root: string, scripts: ReadonlySet<string>, command: string): boolean {
  const [tool = "", ...rest] = command.split(" ");
  const name = rest.at(-1) ?? "";
  if (scripts.has(name)) return true;
  if (rest.length > 1) return false;
  if (tool === "npm") return ["install", "ci", "ping"].includes(name);
  return PNPM_OWN.has(name) || existsSync(join(root, "node_modules", ".bin", name));
}

function scriptNames(root: string): ReadonlySet<string> {
  const text = readFileSync(join(root, "package.json"), "utf8");
  const manifest = JSON.parse(text) as { readonly scripts?: Record<string, string> };
  return new Set(Object.keys(manifest.scripts ?? {}));
}

function childrenOf(root: string, folder: string): string[] {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path).map((name) => join(folder, name)) : [];
}

function markdownBelow(root: string, folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
