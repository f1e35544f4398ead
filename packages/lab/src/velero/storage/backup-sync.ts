import { Backup, BackupStorageLocation, PodVolumeBackup, VeleroLabel } from "@drover/crds";
import { KubeError, type LiveStore } from "@drover/kube";
import { backupFile } from "../backup/backup-files.ts";
import { labelValue, messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { durationMs } from "../duration.ts";
import { readVolumeBackups } from "../restore/backup-source.ts";
import { WorkQueue } from "../work-queue.ts";
import { openLocation, type Location } from "./location.ts";

const defaultPeriodMs = 60_000;
const uploadedPhases = new Set(["Completed", "PartiallyFailed", "Failed"]);

/** Makes backups that other clusters wrote to a bucket known to this one, and forgets those that are gone from it. */
export class BackupSync {
  readonly #context: VeleroContext;
  readonly #locations: LiveStore<BackupStorageLocation>;
  readonly #backups: LiveStore<Backup>;
  readonly #queue: WorkQueue;
  readonly #unsubscribe: () => void;

  constructor(
    context: VeleroContext,
    locations: LiveStore<BackupStorageLocation>,
    backups: LiveStore<Backup>,
  ) {
    this.#context = context;
    this.#locations = locations;
    this.#backups = backups;
    const { logger } = context;
    this.#queue = new WorkQueue({
      concurrency: 2,
      work: (name) => this.#sync(name),
      onProblem: (name, err) => logger.warn({ err, name }, "Backups are synced again"),
    });
    locations.subscribe(({ object, previous }) => {
      const becameAvailable = isAvailable(object) && !(previous && isAvailable(previous));
      if (becameAvailable) this.#queue.add(object.metadata.name ?? "");
    });
    this.#unsubscribe = context.board.subscribe(() => this.#syncAll());
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#queue.close();
  }

  #syncAll(): void {
    for (const location of this.#locations.list()) {
      if (isAvailable(location)) this.#queue.add(location.metadata.name ?? "");
    }
  }

  async #sync(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const location = await cluster.find(BackupStorageLocation, { name, namespace });
    if (location === undefined || !isAvailable(location)) return;
    const periodMs = durationMs(location.spec.backupSyncPeriod) ?? defaultPeriodMs;
    if (periodMs > 0) this.#queue.addAfter(name, periodMs);
    await this.#backups.ready;
    const opened = await openLocation(this.#context, location);
    try {
      // Asked before the bucket is listed: what ends meanwhile is in neither.
      const completed = this.#completed(name);
      const names = await opened.bucket.folders(opened.backupFolder());
      for (const backup of names) await this.#learn(opened, backup);
      await this.#forget(completed.filter((backup) => !names.includes(backup)));
    } finally {
      opened.bucket.close();
    }
    const status = { lastSyncedTime: nowText() };
    await patchStatus(this.#context, BackupStorageLocation, { name, status });
  }

  /** A backup whose upload is not over has no metadata yet. */
  async #learn(location: Location, name: string): Promise<void> {
    const { cluster, namespace, logger } = this.#context;
    if (this.#backups.get({ name, namespace }) !== undefined) return;
    const data = await location.bucket.find(location.backupKey(name, backupFile.metadata()));
    if (data === undefined) return;
    try {
      const backup = Backup.schema.parse(JSON.parse(data.toString("utf8")));
      if (!uploadedPhases.has(backup.status?.phase ?? "")) return;
      const created = await cluster.create(Backup, syncedBackup(backup, location, namespace));
      await this.#learnVolumes(location, created);
      logger.info({ backup: name }, "A backup of another cluster became known");
    } catch (error) {
      if (error instanceof KubeError && error.isAlreadyExists) return;
      if (error instanceof KubeError) throw error;
      logger.error({ err: error, backup: name }, `Cannot read the backup: ${messageOf(error)}`);
    }
  }

  async #learnVolumes(location: Location, backup: Backup): Promise<void> {
    const { cluster, namespace } = this.#context;
    const { name = "", uid = "" } = backup.metadata;
    for (const volume of await readVolumeBackups(location, name)) {
      const { labels, annotations, name: volumeName = "" } = volume.metadata;
      await cluster.create(PodVolumeBackup, {
        ...volume,
        metadata: {
          name: volumeName,
          namespace,
          labels: { ...labels, [VeleroLabel.backupUid]: uid },
          ...(annotations && { annotations }),
          ownerReferences: [
            { apiVersion: "velero.io/v1", kind: "Backup", name, uid, controller: true },
          ],
        },
        spec: { ...volume.spec, backupStorageLocation: location.name },
      });
    }
  }

  /** Backups of a location that are over, and so must be in its bucket. */
  #completed(location: string): string[] {
    return this.#backups
      .list()
      .filter(({ spec, status }) => {
        return spec.storageLocation === location && status?.phase === "Completed";
      })
      .map(({ metadata }) => metadata.name ?? "");
  }

  async #forget(names: readonly string[]): Promise<void> {
    const { cluster, namespace } = this.#context;
    for (const name of names) await cluster.delete(Backup, { name, namespace });
  }
}

function isAvailable({ status }: BackupStorageLocation): boolean {
  return status?.phase === "Available";
}

function syncedBackup(backup: Backup, location: Location, namespace: string): Backup {
  const { name = "", labels, annotations } = backup.metadata;
  return {
    ...backup,
    metadata: {
      name,
      namespace,
      labels: { ...labels, [VeleroLabel.storageLocation]: labelValue(location.name) },
      ...(annotations && { annotations }),
    },
    spec: { ...backup.spec, storageLocation: location.name },
  };
}
