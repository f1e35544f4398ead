import { z } from "zod";
import { parseDigest } from "./digest.ts";
import type { Digest } from "./digest.ts";
import { RegistryError } from "./registry-error.ts";

const oci = "application/vnd.oci.image";
const docker = "application/vnd.docker.distribution.manifest";

export const ociManifest = `${oci}.manifest.v1+json`;
export const ociIndex = `${oci}.index.v1+json`;
const imageTypes = new Set([ociManifest, `${docker}.v2+json`]);
const indexTypes = new Set([ociIndex, `${docker}.list.v2+json`]);

/** Layers that are fetched from elsewhere and never pushed. */
const foreign = /\.(?:foreign|nondistributable)\./;

const Descriptor = z.looseObject({
  mediaType: z.string(),
  digest: z.string(),
  size: z.int().min(0),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Descriptor = z.infer<typeof Descriptor>;

const head = {
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  subject: Descriptor.optional(),
};
const Image = z.looseObject({ ...head, config: Descriptor, layers: z.array(Descriptor) });
const Index = z.looseObject({ ...head, manifests: z.array(Descriptor) });

/** A manifest, as far as a registry has to understand it. */
export type Manifest = {
  readonly mediaType: string;
  /** Content it cannot do without. */
  readonly blobs: readonly Descriptor[];
  /** Manifests it cannot do without. */
  readonly manifests: readonly Descriptor[];
  /** The manifest it says something about. */
  readonly subject?: Digest | undefined;
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
};

/** Reads what a client pushes as a manifest; `contentType` is what it says about it. */
export function parseManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  const document = parseJson(bytes);
  const said = contentType?.split(";")[0]?.trim();
  const own = typeof document["mediaType"] === "string" ? document["mediaType"] : undefined;
  const mediaType = said ?? own ?? ociManifest;
  if (own !== undefined && own !== mediaType) {
    throw invalid(`the header says ${mediaType} and the manifest ${own}`);
  }
  if (imageTypes.has(mediaType)) return imageFrom(document, mediaType);
  if (indexTypes.has(mediaType)) return indexFrom(document, mediaType);
  throw invalid(`manifests of type ${mediaType.slice(0, 100)} are not kept here`);
}

function imageFrom(document: Record<string, unknown>, mediaType: string): Manifest {
  if ("manifests" in document) throw invalid("an image has layers and no manifests");
  const { config, layers, ...rest } = read(Image, document);
  const blobs = [config, ...layers].filter((one) => !foreign.test(one.mediaType));
  const artifactType = rest.artifactType ?? config.mediaType;
  return { mediaType, blobs, manifests: [], ...about({ ...rest, artifactType }) };
}

function indexFrom(document: Record<string, unknown>, mediaType: string): Manifest {
  if ("layers" in document) throw invalid("an index has manifests and no layers");
  const { manifests, ...rest } = read(Index, document);
  return { mediaType, blobs: [], manifests, ...about(rest) };
}

function about({
  subject,
  artifactType,
  annotations,
}: {
  readonly subject?: Descriptor | undefined;
  readonly artifactType?: string | undefined;
  readonly annotations?: Record<string, string> | undefined;
}): Pick<Manifest, "subject" | "artifactType" | "annotations"> {
  return { subject: subject && parseDigest(subject.digest), artifactType, annotations };
}

function parseJson(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid("it is not a JSON object");
}

function read<T>(schema: z.ZodType<T>, document: Record<string, unknown>): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as it has to be"}`);
}

function invalid(why: string): RegistryError {
  return new RegistryError("MANIFEST_INVALID", `The manifest cannot be used: ${why}.`);
}
