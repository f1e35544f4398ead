import { Backup, DeleteBackupRequest, PodVolumeBackup, Restore, VeleroLabel } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { labelValue, messageOf, patchStatus, type VeleroContext } from "../context.ts";
import { readVolumeBackups } from "../restore/backup-source.ts";
import { withLocation, type Location } from "../storage/location.ts";
import { openRestic } from "../volumes/repositories.ts";
import { WorkQueue } from "../work-queue.ts";

/** Deletes backups with everything that belongs to them: on request, and when their time is over. */
export class BackupDeletion {
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly #expiry: WorkQueue;
  readonly #store: LiveStore<DeleteBackupRequest>;

  constructor(context: VeleroContext, backups: LiveStore<Backup>) {
    this.#context = context;
    const { cluster, namespace, logger } = context;
    const onProblem = (name: string, err: unknown): void =>
      logger.warn({ err, name }, "Deleting a backup is tried again");
    this.#queue = new WorkQueue({
      concurrency: 1,
      work: (name) => this.#reconcile(name),
      onProblem,
    });
    this.#expiry = new WorkQueue({ concurrency: 1, work: (name) => this.#expire(name), onProblem });
    this.#store = liveStore(cluster, DeleteBackupRequest, { namespace });
    this.#store.subscribe(({ object, type }) => {
      if (type !== "DELETED") this.#queue.add(object.metadata.name ?? "");
    });
    backups.subscribe(({ object, type }) => {
      if (type === "ADDED") this.#expiry.add(object.metadata.name ?? "");
    });
  }

  async close(): Promise<void> {
    this.#store.close();
    await Promise.all([this.#queue.close(), this.#expiry.close()]);
  }

  async #expire(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const backup = await cluster.find(Backup, { name, namespace });
    if (backup === undefined) return;
    const expiration = Date.parse(backup.status?.expiration ?? "");
    const restMs = Number.isNaN(expiration) ? 3_600_000 : expiration - Date.now();
    if (restMs > 0) {
      // Timers hold 24 days at most; an hour is often enough to look.
      this.#expiry.addAfter(name, Math.min(restMs, 3_600_000));
      return;
    }
    const requests = this.#store.list().filter(({ spec }) => spec.backupName === name);
    if (requests.length > 0) return;
    await cluster.create(DeleteBackupRequest, {
      apiVersion: "velero.io/v1",
      kind: "DeleteBackupRequest",
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: { [VeleroLabel.backupName]: labelValue(name) },
      },
      spec: { backupName: name },
    });
  }

  async #reconcile(name: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    const request = await cluster.find(DeleteBackupRequest, { name, namespace });
    const phase = request?.status?.phase ?? "";
    if (request === undefined || phase === "Processed") return;
    const errors = await this.#deleteBackup(request.spec.backupName);
    const status = { phase: "Processed", errors };
    await patchStatus(this.#context, DeleteBackupRequest, { name, status });
    if (errors.length === 0) await cluster.delete(DeleteBackupRequest, { name, namespace });
  }

  /** Returns what went wrong; the Backup stays when anything did, so that nothing is forgotten in the bucket. */
  async #deleteBackup(name: string): Promise<string[]> {
    const { cluster, namespace } = this.#context;
    const backup = await cluster.find(Backup, { name, namespace });
    if (backup === undefined) return [`The Backup "${name}" does not exist.`];
    if (backup.status?.phase === "InProgress")
      return [`The Backup "${name}" is still in progress.`];
    try {
      await withLocation(this.#context, backup.spec.storageLocation ?? "", async (location) => {
        if (location.isReadOnly) throw new Error(`The location "${location.name}" is read-only.`);
        await this.#deleteVolumes(location, name);
        const prefix = location.backupKey(name, "");
        for await (const key of location.bucket.keys(prefix)) await location.bucket.delete(key);
        await this.#deleteRestores(location, name);
        this.#context.board.announce(location.bucketUrl);
      });
    } catch (error) {
      return [messageOf(error)];
    }
    const labelSelector = `${VeleroLabel.backupName}=${labelValue(name)}`;
    for (const volume of await cluster.list(PodVolumeBackup, { namespace, labelSelector })) {
      await cluster.delete(PodVolumeBackup, { name: volume.metadata.name ?? "", namespace });
    }
    await cluster.delete(Backup, { name, namespace });
    return [];
  }

  async #deleteVolumes(location: Location, backup: string): Promise<void> {
    const snapshots = new Map<string, string[]>();
    for (const { spec, status } of await readVolumeBackups(location, backup)) {
      if (!status?.snapshotID) continue;
      const repository = location.repository(spec.pod.namespace ?? "");
      snapshots.set(repository, [...(snapshots.get(repository) ?? []), status.snapshotID]);
    }
    const restic = await openRestic(this.#context, location);
    for (const [repository, ids] of snapshots) {
      await restic.run({ repository, args: ["forget", ...ids] });
    }
  }

  async #deleteRestores(location: Location, backup: string): Promise<void> {
    const { cluster, namespace } = this.#context;
    for (const { metadata, spec } of await cluster.list(Restore, { namespace })) {
      if (spec.backupName !== backup) continue;
      const name = metadata.name ?? "";
      const prefix = location.restoreKey(name, "");
      for await (const key of location.bucket.keys(prefix)) await location.bucket.delete(key);
      await cluster.delete(Restore, { name, namespace });
    }
  }
}
