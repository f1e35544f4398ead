import { ImageStream } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { typeOf } from "../node/kinds/lab-kind.ts";
import { registryHost } from "./registry-names.ts";
import { repositoryText } from "./registry-request.ts";
import type { RepositoryName } from "./registry-request.ts";

type StatusTags = NonNullable<NonNullable<ImageStream["status"]>["tags"]>;

type TagsChange = (tags: StatusTags, stream: ImageStream) => StatusTags;

const patience = 50;

/** The image streams of a cluster, which say to the cluster what the registry holds. */
export class ImageStreams {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async find(name: RepositoryName): Promise<ImageStream | undefined> {
    return this.#cluster.find(ImageStream, refOf(name));
  }

  /** Undefined when there is no such namespace. */
  async create(name: RepositoryName): Promise<ImageStream | undefined> {
    const object = { ...typeOf(ImageStream), metadata: refOf(name) };
    try {
      return await this.#cluster.create(ImageStream, object);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.isAlreadyExists) return this.find(name);
      if (error.isNotFound) return undefined;
      throw error;
    }
  }

  /** Names of all of them, in the order of their bytes. */
  async names(): Promise<string[]> {
    const streams = await this.#cluster.list(ImageStream);
    return streams
      .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`)
      .toSorted();
  }

  /** Says that a tag is this image now; what it was before stays below it, as history. */
  async recordTag(name: RepositoryName, tag: string, image: string): Promise<void> {
    await this.#changeTags(name, (tags, stream) => {
      const known = tags.find((one) => one.tag === tag);
      if (known?.items?.[0]?.image === image) return tags;
      const item = {
        created: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
        dockerImageReference: `${registryHost}/${repositoryText(name)}@${image}`,
        image,
        generation: stream.metadata.generation ?? 1,
      };
      const changed = { ...known, tag, items: [item, ...(known?.items ?? [])] };
      return [...tags.filter((one) => one !== known), changed];
    });
  }

  async forgetTags(name: RepositoryName, gone: readonly string[]): Promise<void> {
    await this.#changeTags(name, (tags) => {
      const rest = tags.filter(({ tag }) => !gone.includes(tag));
      return rest.length === tags.length ? tags : rest;
    });
  }

  /** Tries again when somebody else changed the stream meanwhile; another push, most likely. */
  async #changeTags(name: RepositoryName, change: TagsChange): Promise<void> {
    for (let attempt = 1; attempt < patience; attempt += 1) {
      if (await this.#isChanged(name, change)) return;
    }
    throw new Error(`Others change the image stream ${repositoryText(name)} all the time.`);
  }

  /** False when somebody else was first. */
  async #isChanged(name: RepositoryName, change: TagsChange): Promise<boolean> {
    const stream = await this.#cluster.get(ImageStream, refOf(name));
    const before = stream.status?.tags ?? [];
    const tags = change(before, stream);
    if (tags === before) return true;
    const { resourceVersion, uid } = stream.metadata;
    const body = { metadata: { resourceVersion, uid }, status: { tags } };
    const patch = { type: "merge", body } as const;
    try {
      await this.#cluster.patchSubresource(ImageStream, refOf(name), "status", patch);
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.isConflict) return false;
      throw error;
    }
  }
}

function refOf({ namespace, stream }: RepositoryName): { namespace: string; name: string } {
  return { namespace, name: stream };
}
