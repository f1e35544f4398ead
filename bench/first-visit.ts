import { readFile } from "node:fs/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Bench, Measurement } from "./measurement.ts";

const out = new URL("../apps/console/out/", import.meta.url);

/** What a browser loads for the first visit of /plans: every script and style sheet its page names. */
export const firstVisitBench: Bench = {
  name: "first-visit",
  async run() {
    const html = await readFile(new URL("plans.html", out), "utf8").catch(() => {
      throw new Error("apps/console/out has no plans.html. Build the console first.");
    });
    const paths = pathsIn(html);
    return [
      await compressed(
        "JavaScript",
        paths.filter((path) => path.endsWith(".js")),
        "≤ 260 kB",
      ),
      await compressed(
        "CSS",
        paths.filter((path) => path.endsWith(".css")),
        "≤ 60 kB",
      ),
    ];
  },
};

function pathsIn(html: string): string[] {
  // Browsers that know modules, which is all that the console runs in, leave these out.
  const tags = [...html.matchAll(/<(?:script|link)[^>]*>/g)].filter(
    ([tag]) => !/nomodule/i.test(tag),
  );
  const named = tags.flatMap(
    ([tag]) => /(?:src|href)="\/?(_next\/[^"?]+\.(?:js|css))"/.exec(tag)?.[1] ?? [],
  );
  return [...new Set(named)];
}

async function compressed(
  what: string,
  paths: readonly string[],
  target: string,
): Promise<Measurement> {
  const files = await Promise.all(paths.map((path) => readFile(new URL(path, out))));
  const kB = (compress: (file: Buffer) => Buffer): string =>
    (files.reduce((sum, file) => sum + compress(file).length, 0) / 1000).toFixed(0);
  return {
    what: `${what} for the first visit of /plans, ${files.length} files`,
    value: `${kB((file) => brotliCompressSync(file))} kB brotli, ${kB((file) => gzipSync(file))} kB gzip`,
    target,
    anchor: "1,034 kB / 93 kB in one bundle; PatternFly + Next floor 235 kB / 102 kB",
  };
}
