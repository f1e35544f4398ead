/** A file with a directory or name `_` in its path, which stands for whatever is written in the URL there. */
type Pattern = { readonly file: string; readonly expression: RegExp; readonly literals: number };

export type PageFinder = (urlPath: string) => string | undefined;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function patternOf(file: string): Pattern | undefined {
  const segments = file.split("/");
  if (!segments.some((segment) => segment === "_" || segment.startsWith("_."))) return undefined;
  const parts = segments.map((segment) => {
    if (segment === "_") return "[^/]+";
    if (segment === "_.html") return "[^/]+?(?:\\.html)?";
    if (segment.startsWith("_.")) return `[^/]+?${escaped(segment.slice(1))}`;
    return escaped(segment.replace(/\.html$/, ""));
  });
  const literals = segments.filter((segment) => !segment.startsWith("_")).length;
  const path = parts.join("/").replace(/\/index$/, "");
  return { file, expression: new RegExp(`^${path}$`), literals };
}

/**
 * Which file of a static export answers a URL: the file itself, its page, or the page of a dynamic route. Pages that
 * name more of the path win, and data files (`name.txt`) win over pages, whose names could hold a dot.
 */
export function pageFinder(files: readonly string[]): PageFinder {
  const known = new Set(files);
  const patterns = files
    .map(patternOf)
    .filter((pattern) => pattern !== undefined)
    .toSorted(
      (left, right) =>
        right.literals - left.literals ||
        Number(left.file.endsWith(".html")) - Number(right.file.endsWith(".html")),
    );
  return (urlPath) => {
    const path = urlPath.replaceAll(/^\/+|\/+$/g, "");
    const exact = [path, `${path}.html`, path === "" ? "index.html" : `${path}/index.html`];
    return (
      exact.find((candidate) => known.has(candidate)) ??
      patterns.find(({ expression }) => expression.test(path))?.file
    );
  };
}
