import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { RegistryError } from "./registry-error.ts";

/** What names content: the algorithm and the hexadecimal digits. */
export type Digest = { readonly algorithm: "sha256" | "sha512"; readonly hex: string };

const pattern = /^(?:(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128}))$/;

/** Reads a digest as clients write it; anything else is refused, so that it can name a file. */
export function parseDigest(text: string): Digest {
  const [, sha256, hex256, sha512, hex512] = pattern.exec(text) ?? [];
  if (sha256 !== undefined && hex256 !== undefined) return { algorithm: "sha256", hex: hex256 };
  if (sha512 !== undefined && hex512 !== undefined) return { algorithm: "sha512", hex: hex512 };
  throw new RegistryError(
    "DIGEST_INVALID",
    "A digest is sha256: with 64 or sha512: with 128 lower-case hexadecimal digits.",
  );
}

export function digestText({ algorithm, hex }: Digest): string {
  return `${algorithm}:${hex}`;
}

/** The digest of bytes in memory. */
export function digestOf(bytes: Buffer, algorithm: Digest["algorithm"] = "sha256"): Digest {
  return { algorithm, hex: createHash(algorithm).update(bytes).digest("hex") };
}

/** The digest of a file as it is on the disk. */
export async function digestOfFile(path: string, algorithm: Digest["algorithm"]): Promise<Digest> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1_048_576 }), hash);
  return { algorithm, hex: hash.digest("hex") };
}
