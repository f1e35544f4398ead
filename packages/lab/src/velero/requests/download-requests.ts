import { Backup, DownloadRequest, Restore } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { backupFile } from "../backup/backup-files.ts";
import { patchStatus, type VeleroContext } from "../context.ts";
import { withLocation, type Location } from "../storage/location.ts";
import { WorkQueue } from "../work-queue.ts";

const lifeSeconds = 600;

type TargetKind = DownloadRequest["spec"]["target"]["kind"];

const backupFiles: Partial<Record<TargetKind, (name: string) => string>> = {
  BackupLog: backupFile.log,
  BackupContents: backupFile.contents,
  BackupVolumeSnapshots: backupFile.volumeSnapshots,
  BackupItemOperations: backupFile.itemOperations,
  BackupResourceList: backupFile.resourceList,
  BackupResults: backupFile.results,
  CSIBackupVolumeSnapshots: backupFile.snapshots,
  CSIBackupVolumeSnapshotContents: backupFile.snapshotContents,
  BackupVolumeInfos: backupFile.volumeInfo,
};

const restoreFiles: Partial<Record<TargetKind, (name: string) => string>> = {
  RestoreLog: (name) => `restore-${name}-logs.gz`,
  RestoreResults: (name) => `restore-${name}-results.gz`,
};

/** Answers DownloadRequests with addresses that are good for ten minutes, and removes them afterwards. */
export class DownloadRequests {
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly #store: LiveStore<DownloadRequest>;

  constructor(context: VeleroContext) {
    this.#context = context;
    const { cluster, namespace, logger } = context;
    this.#queue = new WorkQueue({
      concurrency: 4,
      work: (name) => this.#reconcile(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A DownloadRequest is tried again"),
    });
    this.#store = liveStore(cluster, DownloadRequest, { namespace });
    this.#store.subscribe(({ object, type }) => {
      if (type !== "DELETED") this.#queue.add(object.metadata.name ?? "");
    });
  }

  async close(): Promise<void> {
    this.#store.close();
    await this.#queue.close();
  }

  async #reconcile(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const request = await cluster.find(DownloadRequest, { name, namespace });
    if (request === undefined) return;
    if (request.status?.phase === "Processed") {
      const restMs = Date.parse(request.status.expiration ?? "") - Date.now();
      if (restMs > 0) this.#queue.addAfter(name, restMs);
      else await cluster.delete(DownloadRequest, { name, namespace });
      return;
    }
    const downloadURL = await this.#address(request);
    const expiration = new Date(Date.now() + lifeSeconds * 1000);
    const status = {
      phase: "Processed",
      downloadURL,
      expiration: expiration.toISOString().replace(/\.\d{3}Z$/, "Z"),
    };
    await patchStatus(this.#context, DownloadRequest, { name, status });
  }

  async #address({ spec: { target } }: DownloadRequest): Promise<string> {
    const { kind, name } = target;
    const restoreFile = restoreFiles[kind];
    const file = restoreFile ?? backupFiles[kind];
    if (file === undefined) throw new Error(`This Velero keeps no ${kind}.`);
    const backup = restoreFile === undefined ? name : await this.#backupOf(name);
    return withLocation(this.#context, await this.#locationOf(backup), async (location) => {
      const key = restoreFile
        ? location.restoreKey(name, file(name))
        : location.backupKey(name, file(name));
      return address(location, key);
    });
  }

  async #backupOf(restore: string): Promise<string> {
    const { cluster, namespace } = this.#context;
    const { spec } = await cluster.get(Restore, { name: restore, namespace });
    return spec.backupName ?? "";
  }

  async #locationOf(backup: string): Promise<string> {
    const { cluster, namespace } = this.#context;
    const { spec } = await cluster.get(Backup, { name: backup, namespace });
    return spec.storageLocation ?? "";
  }
}

function address(location: Location, key: string): string {
  return location.bucket.downloadUrl(key, lifeSeconds, location.publicUrl);
}
