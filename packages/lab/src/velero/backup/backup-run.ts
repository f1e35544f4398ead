import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Backup, type PodVolumeBackup } from "@drover/crds";
import type { LiveStore } from "@drover/kube";
import { messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { packDirectory } from "../archive.ts";
import { groupResource } from "../raw-object.ts";
import { backupResources } from "../resource-filter.ts";
import { RunLog } from "../run-log.ts";
import type { Location } from "../storage/location.ts";
import { ProgressWriter } from "../volumes/progress-writer.ts";
import { backupFile, uploadBackup } from "./backup-files.ts";
import { backupScope, collectItems, type Collection } from "./collect-items.ts";
import { ItemStore, type Item } from "./item-store.ts";
import { retainMovedVolume } from "./move-volume.ts";
import { volumesToBackUp } from "./pod-volumes.ts";
import { RelatedItems } from "./related-items.ts";
import { VolumeBackups } from "./volume-backups.ts";

export type BackupRunOptions = {
  readonly context: VeleroContext;
  readonly volumeStore: LiveStore<PodVolumeBackup>;
  readonly backup: Backup;
  readonly location: Location;
  readonly volumeTimeoutMs: number;
};

/** How a backup ended, for its status. */
export type BackupEnd = Partial<NonNullable<Backup["status"]>>;

/** One backup being carried out. */
export class BackupRun {
  readonly #options: BackupRunOptions;
  readonly #directory: string;
  readonly #name: string;

  constructor(options: BackupRunOptions) {
    this.#options = options;
    this.#name = options.backup.metadata.name ?? "";
    this.#directory = join(options.context.stateDir, "backups", this.#name);
  }

  /** Carries it out and returns its end; what could not be backed up is counted, what stops everything is thrown. */
  async run(): Promise<BackupEnd> {
    await rm(this.#directory, { recursive: true, force: true });
    await mkdir(this.#directory, { recursive: true });
    try {
      await this.#requireNew();
      return await this.#backUp();
    } finally {
      await rm(this.#directory, { recursive: true, force: true });
    }
  }

  async #requireNew(): Promise<void> {
    const { location } = this.#options;
    if (await location.bucket.has(location.backupKey(this.#name, backupFile.metadata()))) {
      throw new Error(`The backup "${this.#name}" already exists in the bucket.`);
    }
  }

  async #backUp(): Promise<BackupEnd> {
    const { context, backup } = this.#options;
    const log = new RunLog(join(this.#directory, "log"));
    const contents = join(this.#directory, "contents");
    const items = await ItemStore.create(contents);
    const resources = backupResources(await context.cluster.discovery(context.signal));
    const scope = backupScope(backup.spec);
    const { cluster, signal } = context;
    const collection: Collection = { cluster, scope, items, log, signal };
    await collectItems(collection, resources);
    const volumes = this.#volumeBackups(log);
    await this.#processItems(collection, new RelatedItems(collection, resources), volumes);
    const finished = await volumes.finish();
    signal.throwIfAborted();
    log.info(`${items.size} objects and ${finished.length} volumes were backed up.`);
    const archive = join(this.#directory, "contents.tar.gz");
    await packDirectory(contents, archive);
    const end = this.#end(items, log);
    await this.#upload({ archive, items, volumes: finished, log }, end);
    return end;
  }

  #volumeBackups(log: RunLog): VolumeBackups {
    const { context, volumeStore: store, backup, location, volumeTimeoutMs } = this.#options;
    return new VolumeBackups({ context, store, backup, location, log, timeoutMs: volumeTimeoutMs });
  }

  /** Looks at each object once; the list grows while related objects are found. */
  async #processItems(
    collection: Collection,
    related: RelatedItems,
    volumes: VolumeBackups,
  ): Promise<void> {
    const { context } = this.#options;
    const { items, log } = collection;
    const writer = new ProgressWriter<object>({
      write: (progress) => patchStatus(context, Backup, { name: this.#name, status: { progress } }),
      onProblem: (err) =>
        context.logger.warn({ err, name: this.#name }, "Progress was not written"),
    });
    let itemsBackedUp = 0;
    try {
      for (const item of items.items()) {
        context.signal.throwIfAborted();
        await this.#processItem({ collection, related, volumes }, item).catch((error: unknown) => {
          const what = `${groupResource(item.resource)} ${item.name}`;
          log.error(`${what} was not backed up: ${messageOf(error)}`, item.namespace);
        });
        itemsBackedUp += 1;
        writer.report({ itemsBackedUp, totalItems: items.size });
      }
    } finally {
      await writer.stop();
    }
  }

  async #processItem(
    parts: { collection: Collection; related: RelatedItems; volumes: VolumeBackups },
    item: Item,
  ): Promise<void> {
    const { collection, related, volumes } = parts;
    const object = await collection.items.read(item);
    await related.addFor(item.resource, object);
    switch (groupResource(item.resource)) {
      case "pods":
        for (const volume of volumesToBackUp(object, this.#options.backup.spec)) {
          await volumes.request(object, volume);
        }
        return;
      case "persistentvolumes": {
        const kept = await retainMovedVolume(collection.cluster, object, collection.log);
        if (kept !== object) await collection.items.replace(item, kept);
        return;
      }
      default:
    }
  }

  #end(items: ItemStore, log: RunLog): BackupEnd {
    const { errorCount: errors, warningCount: warnings } = log;
    return {
      phase: errors > 0 ? "PartiallyFailed" : "Completed",
      completionTimestamp: nowText(),
      progress: { totalItems: items.size, itemsBackedUp: items.size },
      ...(errors > 0 ? { errors } : {}),
      ...(warnings > 0 ? { warnings } : {}),
    };
  }

  async #upload(
    parts: {
      readonly archive: string;
      readonly items: ItemStore;
      readonly volumes: readonly PodVolumeBackup[];
      readonly log: RunLog;
    },
    end: BackupEnd,
  ): Promise<void> {
    const { context, location, backup } = this.#options;
    const status = { ...backup.status, ...end };
    await uploadBackup({ location, backup: { ...backup, status }, ...parts });
    context.board.announce(location.bucketUrl);
  }
}
