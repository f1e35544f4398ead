import { deleteBlob, readBlob } from "./blob-operations.ts";
import type { Operation } from "./exchange.ts";
import { checkVersion, listReferrers, listRepositories, listTags } from "./listing-operations.ts";
import { deleteManifest, readManifest, writeManifest } from "./manifest-operations.ts";
import { RegistryError } from "./registry-error.ts";
import type { RegistryRequest, Target } from "./registry-request.ts";
import {
  beginUpload,
  cancelUpload,
  continueUpload,
  finishUpload,
  uploadProgress,
} from "./upload-operations.ts";

type Kind = Exclude<Target["kind"], "token" | "health">;

const routes: Readonly<Record<Kind, Readonly<Record<string, Operation>>>> = {
  base: { GET: checkVersion, HEAD: checkVersion },
  catalog: { GET: listRepositories },
  tags: { GET: listTags },
  referrers: { GET: listReferrers },
  manifest: {
    GET: readManifest,
    HEAD: readManifest,
    PUT: writeManifest,
    DELETE: deleteManifest,
  },
  blob: { GET: readBlob, HEAD: readBlob, DELETE: deleteBlob },
  uploads: { POST: beginUpload },
  upload: {
    GET: uploadProgress,
    PATCH: continueUpload,
    PUT: finishUpload,
    DELETE: cancelUpload,
  },
};

/** The operation a request asks for. */
export function findOperation({ method, target }: RegistryRequest, kind: Kind): Operation {
  const operation = routes[kind][method];
  if (operation !== undefined) return operation;
  throw new RegistryError("UNSUPPORTED", `${method} is not answered for a ${target.kind}.`);
}
