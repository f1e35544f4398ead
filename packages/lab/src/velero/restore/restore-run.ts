import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Annotation, Restore, type PodVolumeRestore } from "@drover/crds";
import { type DiscoveredResource, type LiveStore } from "@drover/kube";
import { messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { recordAt, type RawObject } from "../raw-object.ts";
import { RunLog } from "../run-log.ts";
import type { Location } from "../storage/location.ts";
import { ProgressWriter } from "../volumes/progress-writer.ts";
import { archivedItems, readItem, type ArchivedItem } from "./archive-items.ts";
import { fetchContents, readVolumeBackups } from "./backup-source.ts";
import { findResource, ItemRestorer } from "./item-restorer.ts";
import { RestoreScope } from "./restore-scope.ts";
import { mappedNamespace } from "./restored-object.ts";
import { VolumeRestores, type VolumeFailures } from "./volume-restores.ts";

export type RestoreRunOptions = {
  readonly context: VeleroContext;
  readonly volumeStore: LiveStore<PodVolumeRestore>;
  readonly restore: Restore;
  readonly backupName: string;
  readonly location: Location;
  readonly volumeTimeoutMs: number;
};

/** How a restore ended. */
export type RestoreEnd = {
  readonly status: Partial<NonNullable<Restore["status"]>>;
  readonly annotations: Readonly<Record<string, string>>;
};

/** One restore being carried out. */
export class RestoreRun {
  readonly #options: RestoreRunOptions;
  readonly #directory: string;
  readonly #name: string;

  constructor(options: RestoreRunOptions) {
    this.#options = options;
    this.#name = options.restore.metadata.name ?? "";
    this.#directory = join(options.context.stateDir, "restores", this.#name);
  }

  async run(): Promise<RestoreEnd> {
    await rm(this.#directory, { recursive: true, force: true });
    await mkdir(this.#directory, { recursive: true });
    const log = new RunLog(join(this.#directory, "log"));
    try {
      return await this.#restore(log);
    } finally {
      await rm(this.#directory, { recursive: true, force: true });
    }
  }

  async #restore(log: RunLog): Promise<RestoreEnd> {
    const { context, backupName, location, restore, volumeStore, volumeTimeoutMs } = this.#options;
    const contents = await fetchContents(location, backupName, this.#directory);
    const backups = await readVolumeBackups(location, backupName);
    const volumes = new VolumeRestores({
      context,
      store: volumeStore,
      restore,
      location,
      backups,
      log,
      timeoutMs: volumeTimeoutMs,
    });
    const scope = new RestoreScope(restore.spec);
    const items = (await archivedItems(contents)).filter((item) => scope.includesPlace(item));
    const restorer = this.#itemRestorer({ items, scope, volumes, log });
    const done = await this.#restoreItems(items, { restorer, scope, log });
    const failures = await volumes.finish();
    context.signal.throwIfAborted();
    log.info(`${done} objects were looked at.`);
    await this.#upload(log);
    return this.#end(log, { totalItems: done, itemsRestored: done }, failures);
  }

  #itemRestorer(parts: {
    readonly items: readonly ArchivedItem[];
    readonly scope: RestoreScope;
    readonly volumes: VolumeRestores;
    readonly log: RunLog;
  }): ItemRestorer {
    const { items, ...rest } = parts;
    const { context, restore, backupName } = this.#options;
    const find = async (
      resource: string,
      name: string,
      namespace?: string,
    ): Promise<RawObject | undefined> => {
      const item = items.find(
        (one) => one.resource === resource && one.name === name && one.namespace === namespace,
      );
      return item && readItem(item);
    };
    return new ItemRestorer({
      ...rest,
      cluster: context.cluster,
      signal: context.signal,
      restored: { restore, backupName, mapping: restore.spec.namespaceMapping ?? {} },
      namespaceObject: (name) => find("namespaces", name),
      selectsPods: async (namespace, service) => {
        const selector = recordAt(await find("services", service, namespace), "spec", "selector");
        return Object.keys(selector).length > 0;
      },
    });
  }

  /** Restores what the destination has a kind for, and says what it has none for. Returns how many were looked at. */
  async #restoreItems(
    items: readonly ArchivedItem[],
    parts: { restorer: ItemRestorer; scope: RestoreScope; log: RunLog },
  ): Promise<number> {
    const { context } = this.#options;
    const writer = new ProgressWriter<object>({
      write: (progress) =>
        patchStatus(context, Restore, { name: this.#name, status: { progress } }),
      onProblem: (err) =>
        context.logger.warn({ err, name: this.#name }, "Progress was not written"),
    });
    let itemsRestored = 0;
    let discovered: readonly DiscoveredResource[] = [];
    let resource = "";
    try {
      for (const item of items) {
        context.signal.throwIfAborted();
        // New definitions make new kinds: look again whenever the next resource begins and was not known.
        if (item.resource !== resource && findResource(discovered, item.resource) === undefined) {
          discovered = await context.cluster.discovery(context.signal);
        }
        resource = item.resource;
        await this.#restoreItem(item, discovered, parts);
        itemsRestored += 1;
        writer.report({ itemsRestored, totalItems: items.length });
      }
    } finally {
      await writer.stop();
    }
    return itemsRestored;
  }

  async #restoreItem(
    item: ArchivedItem,
    discovered: readonly DiscoveredResource[],
    parts: { restorer: ItemRestorer; scope: RestoreScope; log: RunLog },
  ): Promise<void> {
    const { restorer, scope, log } = parts;
    const mapping = this.#options.restore.spec.namespaceMapping ?? {};
    const target = item.namespace && mappedNamespace(mapping, item.namespace);
    const resource = findResource(discovered, item.resource);
    if (resource === undefined) {
      if (!scope.includesUnknown(item.resource)) return;
      log.warn(
        `${item.resource} ${item.name}: this cluster has no such kind, so it is left out.`,
        target,
      );
      return;
    }
    if (!scope.includesResource(resource)) return;
    try {
      await restorer.restore(resource, item);
    } catch (error) {
      this.#options.context.signal.throwIfAborted();
      log.error(`${item.resource} ${item.name} was not restored: ${messageOf(error)}`, target);
    }
  }

  async #upload(log: RunLog): Promise<void> {
    const { location } = this.#options;
    const key = (file: string): string => location.restoreKey(this.#name, file);
    await location.bucket.put(key(`restore-${this.#name}-results.gz`), await log.results());
    await location.bucket.put(key(`restore-${this.#name}-logs.gz`), await log.close());
  }

  #end(
    log: RunLog,
    progress: { totalItems: number; itemsRestored: number },
    failures: VolumeFailures,
  ): RestoreEnd {
    const { errorCount: errors, warningCount: warnings } = log;
    return {
      status: {
        phase: errors > 0 ? "PartiallyFailed" : "Completed",
        completionTimestamp: nowText(),
        progress,
        ...(errors > 0 ? { errors } : {}),
        ...(warnings > 0 ? { warnings } : {}),
      },
      annotations: {
        ...(failures.errors > 0 && { [Annotation.resticErrorCount]: String(failures.errors) }),
        ...(failures.verifyErrors > 0 && {
          [Annotation.resticVerifyErrorCount]: String(failures.verifyErrors),
        }),
      },
    };
  }
}
