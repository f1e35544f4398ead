import type { Cluster } from "@drover/kube";
import { ConfigMap, Secret } from "../kinds/cluster-objects.ts";
import { namespaceOf } from "../kinds/lab-kind.ts";
import type { Pod } from "../kinds/pod.ts";
import type { ProjectedSource, VolumeSource } from "../kinds/volume-source.ts";
import { podField } from "./pod-fields.ts";

/** A file of a volume that is made from objects. */
export type PodFile = { readonly path: string; readonly bytes: Buffer; readonly mode: number };

type Item = { key: string; path: string; mode?: number };
type Named = {
  kind: typeof ConfigMap | typeof Secret;
  name: string;
  items: Item[] | undefined;
  isOptional: boolean;
};

export type FileSources = { readonly cluster: Cluster; readonly podIP: string };

/** The files of a ConfigMap, Secret, downward API or projected volume; undefined for other sorts of volume. */
export async function podFiles(
  pod: Pod,
  volume: VolumeSource,
  sources: FileSources,
): Promise<PodFile[] | undefined> {
  const mode = defaultMode(volume);
  if (volume.projected !== undefined) {
    const parts = volume.projected.sources ?? [];
    const files = await Promise.all(parts.map((part) => filesOf(pod, part, { ...sources, mode })));
    return files.flat();
  }
  const { configMap, secret, downwardAPI } = volume;
  if (configMap === undefined && secret === undefined && downwardAPI === undefined)
    return undefined;
  const part: ProjectedSource = {
    ...(configMap === undefined ? {} : { configMap }),
    ...(secret === undefined ? {} : { secret: { ...secret, name: secret.secretName } }),
    ...(downwardAPI === undefined ? {} : { downwardAPI }),
  };
  return filesOf(pod, part, { ...sources, mode });
}

/** The volume every pod gets for talking to its API server, unless it declines. */
export const accountVolume: VolumeSource = {
  projected: {
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 31_536_000 } },
      {
        configMap: {
          name: "kube-root-ca.crt",
          optional: true,
          items: [{ key: "ca.crt", path: "ca.crt" }],
        },
      },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  },
};

type PartSources = FileSources & { readonly mode: number };

async function filesOf(pod: Pod, part: ProjectedSource, sources: PartSources): Promise<PodFile[]> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = part;
  const files: PodFile[] = [];
  for (const [kind, source] of [
    [ConfigMap, configMap],
    [Secret, secret],
  ] as const) {
    if (source === undefined) continue;
    const named = {
      kind,
      name: source.name,
      items: source.items,
      isOptional: source.optional === true,
    };
    files.push(...(await objectFiles(pod, named, sources)));
  }
  const items = downwardAPI?.items ?? [];
  files.push(...items.map((item) => fieldFile(pod, item, sources)));
  if (serviceAccountToken !== undefined) {
    files.push(await tokenFile(pod, serviceAccountToken, sources.cluster));
  }
  return files;
}

type FieldItem = { path: string; fieldRef?: { fieldPath: string }; mode?: number };

function fieldFile(pod: Pod, { path, fieldRef, mode }: FieldItem, sources: PartSources): PodFile {
  const text = fieldRef === undefined ? "" : podField(pod, fieldRef.fieldPath, sources.podIP);
  return { path, bytes: Buffer.from(text), mode: mode ?? sources.mode };
}

type TokenSource = NonNullable<ProjectedSource["serviceAccountToken"]>;

async function tokenFile(pod: Pod, source: TokenSource, cluster: Cluster): Promise<PodFile> {
  const { path, expirationSeconds = 3600 } = source;
  const account = { namespace: namespaceOf(pod), name: pod.spec.serviceAccountName ?? "default" };
  const token = await cluster.createToken(account, { expirationSeconds });
  return { path, bytes: Buffer.from(token), mode: 0o600 };
}

async function objectFiles(pod: Pod, named: Named, sources: PartSources): Promise<PodFile[]> {
  const { kind, name, items, isOptional } = named;
  const object = await sources.cluster.find<ConfigMap | Secret>(kind, {
    namespace: namespaceOf(pod),
    name,
  });
  if (object === undefined) {
    if (isOptional) return [];
    throw new Error(`${kind.kind} ${name} is not there; create it.`);
  }
  const all = bytesOf(object);
  if (items === undefined)
    return [...all].map(([path, bytes]) => ({ path, bytes, mode: sources.mode }));
  return items.flatMap(({ key, path, mode = sources.mode }) => {
    const bytes = all.get(key);
    if (bytes !== undefined) return [{ path, bytes, mode }];
    if (isOptional) return [];
    throw new Error(`${kind.kind} ${name} has no key ${key}; add it.`);
  });
}

function bytesOf(object: ConfigMap | Secret): Map<string, Buffer> {
  const isSecret = object.kind === "Secret";
  const plain = Object.entries(object.data ?? {});
  const binary = "binaryData" in object ? Object.entries(object.binaryData ?? {}) : [];
  return new Map([
    ...plain.map(([key, value]): [string, Buffer] => [
      key,
      Buffer.from(value, isSecret ? "base64" : "utf8"),
    ]),
    ...binary.map(([key, value]): [string, Buffer] => [key, Buffer.from(value, "base64")]),
  ]);
}

function defaultMode({ configMap, secret, projected, downwardAPI }: VolumeSource): number {
  return (configMap ?? secret ?? projected ?? downwardAPI)?.defaultMode ?? 0o644;
}
