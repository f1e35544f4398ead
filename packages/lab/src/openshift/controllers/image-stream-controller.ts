import { ImageStream } from "@drover/crds";
import { KubeError, liveStore, type Cluster, type LiveStore } from "@drover/kube";
import { WorkQueue } from "../../velero/work-queue.ts";

const registryHost = "image-registry.openshift-image-registry.svc:5000";

export type ImageStreamControllerOptions = {
  readonly cluster: Cluster;
  readonly onProblem: (key: string, error: unknown) => void;
};

/** Says where the images of a stream would be pushed. Tags are left to whoever pushes: nothing is imported. */
export class ImageStreamController {
  readonly #cluster: Cluster;
  readonly #streams: LiveStore<ImageStream>;
  readonly #queue: WorkQueue;

  constructor({ cluster, onProblem }: ImageStreamControllerOptions) {
    this.#cluster = cluster;
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
    const dockerImageRepository = `${registryHost}/${namespace}/${name}`;
    if (stream?.status?.dockerImageRepository === dockerImageRepository || !stream) return;
    const patch = { type: "merge", body: { status: { dockerImageRepository } } } as const;
    try {
      await this.#cluster.patchSubresource(ImageStream, { name, namespace }, "status", patch);
    } catch (error) {
      if (!(error instanceof KubeError && error.isNotFound)) throw error;
    }
  }
}
