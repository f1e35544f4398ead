import { readFileSync } from "node:fs";
import { z } from "zod";

/** The version of the product, as its package says. */
export function readProductVersion(): string {
  const url = new URL("../package.json", import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(url, "utf8"))).version;
}
