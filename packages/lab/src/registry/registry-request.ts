import type { IncomingMessage } from "node:http";
import { RegistryError } from "./registry-error.ts";

/** A repository is an image stream: a namespace and a name. */
export type RepositoryName = { readonly namespace: string; readonly stream: string };

export type Target =
  | { readonly kind: "base" | "catalog" | "token" | "health" }
  | {
      readonly kind: "tags" | "manifest" | "blob" | "upload" | "uploads" | "referrers";
      readonly repository: RepositoryName;
      /** A tag, a digest or an upload's id; empty for `tags` and `uploads`. */
      readonly reference: string;
    };

/** One request, its address taken apart. */
export type RegistryRequest = {
  readonly method: string;
  readonly path: string;
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly message: IncomingMessage;
};

const plainPaths: Readonly<Record<string, "base" | "catalog" | "token" | "health">> = {
  "/v2": "base",
  "/v2/": "base",
  "/v2/_catalog": "catalog",
  "/openshift/token": "token",
  "/healthz": "health",
};

const kinds = {
  "tags/list": "tags",
  manifests: "manifest",
  blobs: "blob",
  "blobs/uploads": "uploads",
  referrers: "referrers",
} as const;

const namePart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const maxNameLength = 255;

/** Takes an address apart; throws when no registry has such an address. */
export function parseRequest(message: IncomingMessage): RegistryRequest {
  const [rawPath = "/", rawQuery = ""] = (message.url ?? "/").split("?", 2);
  const path = decode(rawPath);
  const query = new URLSearchParams(rawQuery);
  const plain = plainPaths[path];
  const target = plain === undefined ? parseTarget(path) : { kind: plain };
  return { method: message.method ?? "GET", path, target, query, message };
}

/** `/v2/<namespace>/<stream>/<kind>/<reference>`; what a repository may be called is checked first. */
function parseTarget(path: string): Target {
  const match =
    /^\/v2\/(?<name>.+?)\/(?<kind>tags\/list|manifests|blobs\/uploads|blobs|referrers)(?:\/(?<reference>[^/]*))?$/.exec(
      path,
    );
  const { name, kind, reference = "" } = match?.groups ?? {};
  if (name === undefined || kind === undefined) {
    throw new RegistryError("NAME_INVALID", "A registry has nothing at this address.");
  }
  const repository = parseRepository(name);
  const known = kinds[kind as keyof typeof kinds];
  if (known === "uploads" && reference !== "") return { kind: "upload", repository, reference };
  const takesNone = known === "tags" || known === "uploads";
  if (takesNone !== (reference === "")) {
    throw new RegistryError("NAME_INVALID", "A registry has nothing at this address.");
  }
  return { kind: known, repository, reference };
}

/** The name of a repository, which has exactly two parts here. */
export function parseRepository(name: string): RepositoryName {
  const [namespace = "", stream = "", ...more] = name.split("/");
  const isWellFormed = [namespace, stream].every((part) => namePart.test(part));
  if (more.length > 0 || !isWellFormed || name.length > maxNameLength) {
    throw new RegistryError(
      "NAME_INVALID",
      "A repository here is named <namespace>/<image stream>, in lower-case letters and digits.",
    );
  }
  return { namespace, stream };
}

export function repositoryText({ namespace, stream }: RepositoryName): string {
  return `${namespace}/${stream}`;
}

/** A header with a single value. */
export function header({ message }: RegistryRequest, name: string): string | undefined {
  const value = message.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) {
      throw new RegistryError("NAME_INVALID", "The address is not valid percent-encoding.");
    }
    throw error;
  }
}
