import { ImageStream } from "@drover/crds";
import { KubeError, liveStore, type Cluster, type LiveStore } from "@drover/kube";
import { publicRegistryHost, registryHost } from "../../registry/registry-names.ts";
import { WorkQueue } from "../../velero/work-queue.ts";

export type ImageStreamControllerOptions = {
  readonly cluster: Cluster;
  /** What hosts of Routes end with. */
  readonly routeDomain: string;
  readonly onProblem: (key: string, error: unknown) => void;
};

/** Says where the images of a stream are pushed and pulled. Tags come from the registry: nothing is imported. */
export class ImageStreamController {
  readonly #cluster: Cluster;
  readonly #publicHost: string;
  readonly #streams: LiveStore<ImageStream>;
  readonly #queue: WorkQueue;

  constructor({ cluster, routeDomain, onProblem }: ImageStreamControllerOptions) {
    this.#cluster = cluster;
    this.#publicHost = publicRegistryHost(routeDomain);
    this.#streams = liveStore(cluster, ImageStream);
    this.#queue = new WorkQueue({ concurrency: 4, work: (key) => this.#reconcile(key), onProblem });
    this.#streams.subscribe(({ object: { metadata } }) => {
      this.#queue.add(`${metadata.namespace}/${metadata.name}`);
    });
  }

  async close(): Promise<void> {
    this.#streams.close();
    await this.#queue.close();
  }

  async #reconcile(key: string): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    const stream = this.#streams.get({ namespace, name });
    if (stream === undefined) return;
    const status = {
      dockerImageRepository: `${registryHost}/${namespace}/${name}`,
      publicDockerImageRepository: `${this.#publicHost}/${namespace}/${name}`,
    };
    const isSaid =
      stream.status?.dockerImageRepository === status.dockerImageRepository &&
      stream.status.publicDockerImageRepository === status.publicDockerImageRepository;
    if (isSaid) return;
    const patch = { type: "merge", body: { status } } as const;
    try {
      await this.#cluster.patchSubresource(ImageStream, { name, namespace }, "status", patch);
    } catch (error) {
      if (!(error instanceof KubeError && error.isNotFound)) throw error;
    }
  }
}
