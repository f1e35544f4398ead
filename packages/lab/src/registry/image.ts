import { gzipSync } from "node:zlib";
import { digestOf, digestText } from "./digest.ts";
import { ociManifest } from "./manifest.ts";

/** Content with the name it has in a registry. */
export type Blob = { readonly digest: string; readonly bytes: Buffer };

/** An image as it is pushed: its parts first, then the manifest that names them. */
export type Image = {
  readonly blobs: readonly Blob[];
  readonly mediaType: string;
  readonly manifest: Blob;
};

export type ImageOptions = {
  /** Of each layer, the files by their path. */
  readonly layers: readonly Readonly<Record<string, string | Buffer>>[];
  /** What a container runs, its environment and so on. */
  readonly config?: object;
};

const created = "2024-01-01T00:00:00Z";

/** Builds an image; equal files make equal digests. */
export function buildImage({ layers, config = {} }: ImageOptions): Image {
  const archives = layers.map(tarOf);
  const packed = archives.map((archive) => blobOf(gzipSync(archive)));
  const document = {
    architecture: "amd64",
    os: "linux",
    created,
    config,
    rootfs: { type: "layers", diff_ids: archives.map((one) => digestText(digestOf(one))) },
    history: layers.map(() => ({ created, created_by: "drover lab" })),
  };
  const settings = blobOf(Buffer.from(JSON.stringify(document)));
  const describe = (mediaType: string) => (blob: Blob) => ({
    mediaType,
    digest: blob.digest,
    size: blob.bytes.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: ociManifest,
    config: describe("application/vnd.oci.image.config.v1+json")(settings),
    layers: packed.map(describe("application/vnd.oci.image.layer.v1.tar+gzip")),
  };
  return {
    blobs: [...packed, settings],
    mediaType: ociManifest,
    manifest: blobOf(Buffer.from(JSON.stringify(manifest))),
  };
}

function blobOf(bytes: Buffer): Blob {
  return { digest: digestText(digestOf(bytes)), bytes };
}

const blockBytes = 512;

function tarOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const entries = Object.entries(files).flatMap(([path, content]) => {
    const bytes = Buffer.from(content);
    const padding = Buffer.alloc((blockBytes - (bytes.length % blockBytes)) % blockBytes);
    return [tarHeader(path, bytes.length), bytes, padding];
  });
  return Buffer.concat([...entries, Buffer.alloc(2 * blockBytes)]);
}

/** One header of the ustar format: numbers are octal, and the checksum counts itself as spaces. */
function tarHeader(path: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, length: number): string =>
    `${value.toString(8).padStart(length - 1, "0")}\0`;
  header.write(path, 0, 100);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(sizeBytes, 12), 124);
  header.write(octal(Date.parse(created) / 1000, 12), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
