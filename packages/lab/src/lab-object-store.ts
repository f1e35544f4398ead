import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ObjectStoreFaults } from "./faults/object-store-faults.ts";
import { writePrivately } from "./lab-identity.ts";
import type { LabLayout } from "./lab-layout.ts";
import { startObjectStore } from "./objectstore/object-store.ts";
import type { ObjectStore } from "./objectstore/object-store.ts";

export type ObjectStoreAccess = ObjectStore & {
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

const bucket = "drover-lab";

/** Starts the object store of a lab with the keys it had before, and writes down how to use it. */
export async function openObjectStore(
  layout: LabLayout,
  port: number,
  faults: ObjectStoreFaults,
): Promise<ObjectStoreAccess> {
  const keys = await ensureKeys(layout.objectStoreKeys);
  const dataDir = layout.objectStoreDir;
  const store = await startObjectStore({ dataDir, port, ...keys, buckets: [bucket], faults });
  const access = { ...store, bucket, ...keys };
  const { url } = store;
  await writePrivately(layout.objectStoreKeys, JSON.stringify({ url, bucket, ...keys }, null, 2));
  return access;
}

async function ensureKeys(path: string): Promise<{ accessKey: string; secretKey: string }> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  const known: unknown = text === undefined ? {} : JSON.parse(text);
  const { accessKey, secretKey } = known as { accessKey?: string; secretKey?: string };
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey, secretKey };
  return { accessKey: "drover-lab", secretKey: randomBytes(20).toString("hex") };
}
