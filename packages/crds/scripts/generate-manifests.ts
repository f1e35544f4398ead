import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { manifestFiles } from "./manifest-files.ts";

const directory = new URL("../manifests/", import.meta.url);
const files = manifestFiles();

await mkdir(directory, { recursive: true });
for (const name of await readdir(directory)) {
  if (!files.has(name)) await rm(new URL(name, directory));
}
for (const [name, text] of files) {
  await writeFile(new URL(name, directory), text);
}
