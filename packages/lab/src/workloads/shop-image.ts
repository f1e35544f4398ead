import { createHash } from "node:crypto";
import { buildImage } from "../registry/image.ts";
import type { Image } from "../registry/image.ts";

export const shopRepository = "shop/shop-web";
export const shopTags = ["1", "latest"] as const;

/** The image of the shop's web front: a base, the shop's pages, and something that does not compress. */
export function shopImage(): Image {
  return buildImage({
    layers: [
      { "etc/os-release": 'NAME="Drover lab"\nID=drover-lab\n', "usr/bin/http": "#!/bin/sh\n" },
      { "usr/share/www/index.html": "<!doctype html><title>Shop</title><h1>Open</h1>\n" },
      { "usr/share/www/photo.bin": noise(256 * 1024) },
    ],
    config: {
      Env: ["PORT=8080", "DOCUMENT_ROOT=/usr/share/www"],
      Cmd: ["/usr/bin/http"],
      ExposedPorts: { "8080/tcp": {} },
      Labels: { "io.openshift.expose-services": "8080:http" },
    },
  });
}

/** Bytes as good as random, and the same each time. */
function noise(sizeBytes: number): Buffer {
  const pieces = Array.from({ length: sizeBytes / 32 }, (_, index) =>
    createHash("sha256").update(`shop ${index}`).digest(),
  );
  return Buffer.concat(pieces);
}
