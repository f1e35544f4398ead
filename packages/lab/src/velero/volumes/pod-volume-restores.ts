import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Pod, PodVolumeRestore, VeleroLabel } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { withLocation } from "../storage/location.ts";
import { WorkQueue } from "../work-queue.ts";
import { ProgressWriter } from "./progress-writer.ts";
import { openRestic } from "./repositories.ts";
import { restoreVolume } from "./restore-volume.ts";
import { podVolumePath } from "./volume-path.ts";

/** The init container that holds a restored pod back until its volumes are there. */
export const waitContainer = "restore-wait";
const verifyVolumesAnnotation = "backup.velero.io/verify-volumes";

/** Restores the volumes that PodVolumeRestores ask for, once the pod waits for them with its volumes mounted. */
export class PodVolumeRestoreController {
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly #pods: LiveStore<Pod>;
  readonly store: LiveStore<PodVolumeRestore>;

  constructor(context: VeleroContext) {
    this.#context = context;
    const { cluster, namespace, logger } = context;
    this.#queue = new WorkQueue({
      concurrency: 2,
      work: (name) => this.#reconcile(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A PodVolumeRestore is tried again"),
    });
    this.store = liveStore(cluster, PodVolumeRestore, { namespace });
    this.#pods = liveStore(cluster, Pod, { labelSelector: VeleroLabel.restoreName });
    this.store.subscribe(({ object }) => this.#wake(object));
    this.#pods.subscribe(({ object }) => this.#wakePod(object));
  }

  async close(): Promise<void> {
    this.store.close();
    this.#pods.close();
    await this.#queue.close();
  }

  #wake(request: PodVolumeRestore): void {
    if (isNew(request)) this.#queue.add(request.metadata.name ?? "");
  }

  #wakePod({ metadata }: Pod): void {
    for (const request of this.store.list()) {
      const { namespace, name } = request.spec.pod;
      if (namespace === metadata.namespace && name === metadata.name) this.#wake(request);
    }
  }

  async #reconcile(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const request = await cluster.find(PodVolumeRestore, { name, namespace });
    if (request === undefined || !isNew(request)) return;
    const ref = { name: request.spec.pod.name ?? "", namespace: request.spec.pod.namespace ?? "" };
    const pod = await cluster.find(Pod, ref);
    const isGone = pod === undefined || pod.metadata.deletionTimestamp !== undefined;
    if (isGone) {
      const message = `The pod ${ref.namespace}/${ref.name} was deleted before its volume "${request.spec.volume}" was restored.`;
      await this.#setStatus(name, { phase: "Failed", message, completionTimestamp: nowText() });
      return;
    }
    if (!isWaiting(pod)) return;
    await this.#setStatus(name, { phase: "InProgress", startTimestamp: nowText() });
    await this.#carryOut(request, pod);
  }

  async #carryOut(request: PodVolumeRestore, pod: Pod): Promise<void> {
    const name = request.metadata.name ?? "";
    try {
      const totalBytes = await this.#restore(request, pod);
      const progress = { totalBytes, bytesDone: totalBytes };
      const end = { phase: "Completed", progress, completionTimestamp: nowText() };
      await this.#setStatus(name, end);
    } catch (error) {
      if (this.#context.signal.aborted) return;
      this.#context.logger.error({ err: error, name }, "A PodVolumeRestore failed");
      const message = messageOf(error);
      await this.#setStatus(name, { phase: "Failed", message, completionTimestamp: nowText() });
    }
  }

  async #restore(request: PodVolumeRestore, pod: Pod): Promise<number> {
    const { spec, metadata } = request;
    const place = { namespace: spec.pod.namespace ?? "", pod: spec.pod.name ?? "" };
    const path = await podVolumePath(this.#context, { ...place, volume: spec.volume });
    const name = metadata.name ?? "";
    const writer = new ProgressWriter<object>({
      write: (progress) => this.#setStatus(name, { progress }),
      onProblem: (err) => this.#context.logger.warn({ err, name }, "Progress was not written"),
    });
    try {
      return await withLocation(this.#context, spec.backupStorageLocation, async (location) => {
        const totalBytes = await restoreVolume({
          restic: await openRestic(this.#context, location),
          repository: location.repository(spec.sourceNamespace),
          snapshot: spec.snapshotID,
          path,
          verify: volumesToVerify(pod).includes(spec.volume),
          onProgress: (progress) => writer.report(progress),
        });
        await this.#markDone(request, path);
        return totalBytes;
      });
    } finally {
      await writer.stop();
    }
  }

  /** The file that the waiting init container looks for. */
  async #markDone({ metadata }: PodVolumeRestore, path: string): Promise<void> {
    const restore = metadata.labels?.[VeleroLabel.restoreUid];
    if (restore === undefined) return;
    await mkdir(join(path, ".velero"), { recursive: true });
    await writeFile(join(path, ".velero", restore), "");
  }

  async #setStatus(name: string, status: object): Promise<void> {
    await patchStatus(this.#context, PodVolumeRestore, { name, status });
  }
}

function isNew({ metadata, status }: PodVolumeRestore): boolean {
  const phase = status?.phase ?? "";
  return metadata.deletionTimestamp === undefined && (phase === "" || phase === "New");
}

/** True when the init container runs: then the pod is on a node and its volumes are mounted. */
function isWaiting(pod: Pod): boolean {
  const statuses = pod.status?.initContainerStatuses ?? [];
  return statuses.some(({ name, state }) => name === waitContainer && state?.running !== undefined);
}

function volumesToVerify(pod: Pod): string[] {
  const value = pod.metadata.annotations?.[verifyVolumesAnnotation] ?? "";
  return value.split(",").map((name) => name.trim());
}
