import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { S3Error } from "./s3-error.ts";

/** A running checksum of one of the algorithms S3 clients send. */
export type Checksum = {
  readonly header: string;
  update(data: Buffer): void;
  /** base64 */
  digest(): string;
};

const castagnoli = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0x82f63b78 ^ (value >>> 1) : value >>> 1;
  }
  return value >>> 0;
});

function crc32c(data: Buffer, previous: number): number {
  let value = ~previous >>> 0;
  for (const byte of data) value = (castagnoli[(value ^ byte) & 255] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}

function crcChecksum(header: string, step: (data: Buffer, previous: number) => number): Checksum {
  let value = 0;
  return {
    header,
    update(data) {
      value = step(data, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes.toString("base64");
    },
  };
}

function hashChecksum(header: string, algorithm: string): Checksum {
  const hash = createHash(algorithm);
  return { header, update: (data) => void hash.update(data), digest: () => hash.digest("base64") };
}

/** `header` is `x-amz-checksum-<algorithm>`. */
export function startChecksum(header: string): Checksum {
  switch (header) {
    case "x-amz-checksum-crc32":
      return crcChecksum(header, (data, previous) => crc32(data, previous));
    case "x-amz-checksum-crc32c":
      return crcChecksum(header, crc32c);
    case "x-amz-checksum-sha1":
      return hashChecksum(header, "sha1");
    case "x-amz-checksum-sha256":
      return hashChecksum(header, "sha256");
    default:
      throw new S3Error(
        "InvalidRequest",
        `This store does not compute ${header}. Use crc32, crc32c, sha1 or sha256.`,
      );
  }
}

/** The checksum header a client names in `x-amz-trailer` or sends beside the body. */
export function isChecksumHeader(name: string): boolean {
  return /^x-amz-checksum-(?!type$|algorithm$|mode$)/.test(name);
}
