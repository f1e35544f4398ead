import { PodVolumeBackup } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { withLocation, type Location } from "../storage/location.ts";
import { WorkQueue } from "../work-queue.ts";
import { ProgressWriter } from "./progress-writer.ts";
import { doubtRepository, ensureRepository, openRestic } from "./repositories.ts";
import { ResticError } from "./restic.ts";
import { podVolumePath } from "./volume-path.ts";
import { rootTag } from "./volume-root.ts";

type Outcome = {
  readonly snapshotID?: string;
  readonly path: string;
  readonly totalBytes: number;
};

/** Backs up the volumes that PodVolumeBackups ask for, a few at a time. */
export class PodVolumeBackupController {
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly store: LiveStore<PodVolumeBackup>;

  constructor(context: VeleroContext) {
    this.#context = context;
    const { cluster, namespace, logger } = context;
    this.#queue = new WorkQueue({
      concurrency: 2,
      work: (name) => this.#reconcile(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A PodVolumeBackup is tried again"),
    });
    this.store = liveStore(cluster, PodVolumeBackup, { namespace });
    this.store.subscribe(({ object }) => {
      if (isNew(object)) this.#queue.add(object.metadata.name ?? "");
    });
  }

  async close(): Promise<void> {
    this.store.close();
    await this.#queue.close();
  }

  async #reconcile(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const request = await cluster.find(PodVolumeBackup, { name, namespace });
    if (request === undefined || !isNew(request)) return;
    await this.#setStatus(name, { phase: "InProgress", startTimestamp: nowText() });
    try {
      const { totalBytes, ...found } = await this.#backUp(request);
      const progress = { totalBytes, bytesDone: totalBytes };
      await this.#setStatus(name, { phase: "Completed", ...found, progress, ...completed() });
    } catch (error) {
      if (this.#context.signal.aborted) return;
      const message = messageOf(error);
      this.#context.logger.error({ err: error, name }, "A PodVolumeBackup failed");
      await this.#setStatus(name, { phase: "Failed", message, ...completed() });
    }
  }

  async #backUp(request: PodVolumeBackup): Promise<Outcome> {
    const { pod, volume, backupStorageLocation } = request.spec;
    const namespace = pod.namespace ?? "";
    const path = await podVolumePath(this.#context, { namespace, pod: pod.name ?? "", volume });
    return withLocation(this.#context, backupStorageLocation, async (location) => {
      await ensureRepository(this.#context, location, namespace);
      try {
        return await this.#runRestic(request, location, path);
      } catch (error) {
        if (error instanceof ResticError && error.isRepositoryMissing) {
          await doubtRepository(this.#context, location, namespace);
        }
        throw error;
      }
    });
  }

  async #runRestic(request: PodVolumeBackup, location: Location, path: string): Promise<Outcome> {
    const name = request.metadata.name ?? "";
    const tags = Object.entries({ ...request.spec.tags, ...(await rootTag(path)) });
    const writer = new ProgressWriter<object>({
      write: (progress) => this.#setStatus(name, { progress }),
      onProblem: (err) => this.#context.logger.warn({ err, name }, "Progress was not written"),
    });
    let outcome: Outcome = { path, totalBytes: 0 };
    const restic = await openRestic(this.#context, location);
    try {
      await restic.run({
        repository: location.repository(request.spec.pod.namespace ?? ""),
        args: [
          "backup",
          ".",
          "--json",
          "--host=velero",
          ...tags.map(([key, value]) => `--tag=${key}=${value}`),
        ],
        cwd: path,
        onMessage: (message) => {
          if (message["message_type"] === "status") writer.report(progressOf(message));
          if (message["message_type"] === "summary") outcome = outcomeOf(message, path);
        },
      });
    } finally {
      await writer.stop();
    }
    return outcome;
  }

  async #setStatus(name: string, status: object): Promise<void> {
    await patchStatus(this.#context, PodVolumeBackup, { name, status });
  }
}

function completed(): { completionTimestamp: string } {
  return { completionTimestamp: nowText() };
}

function isNew({ metadata, status }: PodVolumeBackup): boolean {
  const phase = status?.phase ?? "";
  return metadata.deletionTimestamp === undefined && (phase === "" || phase === "New");
}

function progressOf(message: Record<string, unknown>): object {
  const { total_bytes: totalBytes, bytes_done: bytesDone } = message;
  return { totalBytes: Number(totalBytes ?? 0), bytesDone: Number(bytesDone ?? 0) };
}

function outcomeOf(message: Record<string, unknown>, path: string): Outcome {
  const { snapshot_id: id, total_bytes_processed: total } = message;
  return { snapshotID: String(id ?? ""), path, totalBytes: Number(total ?? 0) };
}
