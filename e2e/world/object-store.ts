import { readFileSync } from "node:fs";
import { join } from "node:path";
import { objectStoreUrl, stateDir } from "../product.ts";
import type { RepositoryEntry } from "../screens/repositories.ts";

type Keys = { readonly accessKey: string; readonly secretKey: string; readonly bucket: string };

/** The lab's object store, as a person would enter it. */
export function labRepository(name: string): RepositoryEntry {
  const keys = JSON.parse(readFileSync(join(stateDir, "lab", "objectstore.json"), "utf8")) as Keys;
  const { accessKey, secretKey, bucket } = keys;
  return { name, url: objectStoreUrl, bucket, accessKey, secretKey };
}
