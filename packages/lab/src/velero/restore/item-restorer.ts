import type { Restore } from "@drover/crds";
import type { Cluster, DiscoveredResource } from "@drover/kube";
import { groupResource, rawKind, textAt, type RawObject } from "../raw-object.ts";
import type { RunLog } from "../run-log.ts";
import { readItem, type ArchivedItem } from "./archive-items.ts";
import { ensureNamespace } from "./ensure-namespace.ts";
import { restoreKind } from "./restore-kinds.ts";
import { restorePod } from "./restore-pod.ts";
import type { RestoreScope } from "./restore-scope.ts";
import { restoreClaim, restoreVolumeObject, volumeSkipReason } from "./restore-storage.ts";
import { mappedNamespace, restoredObject, type Restored } from "./restored-object.ts";
import { skipReason } from "./skip-rules.ts";
import type { VolumeRestores } from "./volume-restores.ts";
import { writeObject } from "./write-object.ts";

export type ItemRestorerOptions = {
  readonly cluster: Cluster;
  readonly restored: Restored;
  readonly scope: RestoreScope;
  readonly volumes: VolumeRestores;
  readonly log: RunLog;
  /** The backed-up Namespace of a name, when the backup has it. */
  readonly namespaceObject: (name: string) => Promise<RawObject | undefined>;
  /** True when the backed-up Service of that name selects pods. */
  readonly selectsPods: (namespace: string, service: string) => Promise<boolean>;
  readonly signal: AbortSignal;
};

/** Restores objects one by one. */
export class ItemRestorer {
  readonly #options: ItemRestorerOptions;
  readonly #namespaces = new Set<string>();
  readonly #restoredVolumes = new Set<string>();

  constructor(options: ItemRestorerOptions) {
    this.#options = options;
  }

  async restore(resource: DiscoveredResource, item: ArchivedItem): Promise<void> {
    const { log, scope } = this.#options;
    const object = await readItem(item);
    const place = item.namespace === undefined ? item.name : `${item.namespace}/${item.name}`;
    const what = `${item.resource} ${place}`;
    if (!scope.includesObject(object)) return;
    const reason = skipReason(item.resource, object) ?? (await this.#skipReason(item, object));
    if (reason !== undefined) {
      log.info(`${what} is not restored: ${reason}.`);
      return;
    }
    const namespace = await this.#ensureNamespace(item);
    if (item.resource === "namespaces") return;
    const wanted = this.#wanted(item, object);
    const written = await writeObject(this.#options.cluster, rawKind(resource), {
      wanted,
      restore: this.#restore,
    });
    if (written.result === "existed") {
      if (written.warning !== undefined) log.warn(written.warning, namespace);
    } else {
      log.info(`${what} was ${written.result}.`);
      await this.#after(item, written.object);
    }
  }

  get #restore(): Restore {
    return this.#options.restored.restore;
  }

  /** Reasons that lie outside the object itself. */
  async #skipReason(item: ArchivedItem, object: RawObject): Promise<string | undefined> {
    const { volumes, selectsPods } = this.#options;
    if (item.resource === "persistentvolumes") {
      const namespace = textAt(object, "spec", "claimRef", "namespace") ?? "";
      const claim = textAt(object, "spec", "claimRef", "name") ?? "";
      const hasFileBackup = volumes.hasClaim(namespace, claim);
      return volumeSkipReason(object, { restore: this.#restore, hasFileBackup });
    }
    if (item.resource === "endpoints" && (await selectsPods(item.namespace ?? "", item.name))) {
      return "the cluster makes it from its Service";
    }
    return undefined;
  }

  async #ensureNamespace({ resource, namespace, name }: ArchivedItem): Promise<string | undefined> {
    const original = resource === "namespaces" ? name : namespace;
    if (original === undefined) return undefined;
    const { cluster, restored, namespaceObject, signal } = this.#options;
    const target = mappedNamespace(restored.mapping, original);
    if (!this.#namespaces.has(target)) {
      const backedUp = await namespaceObject(original);
      await ensureNamespace(cluster, { name: target, backedUp }, signal);
      this.#namespaces.add(target);
    }
    return target;
  }

  #wanted(item: ArchivedItem, object: RawObject): RawObject {
    const { restored, volumes } = this.#options;
    const wanted = restoredObject(item.resource, object, restored);
    switch (item.resource) {
      case "pods": {
        const backups = volumes.backupsOf(item.namespace ?? "", item.name);
        const names = backups.map(({ spec }) => spec.volume);
        return restorePod(wanted, { restore: this.#restore, volumes: names });
      }
      case "persistentvolumeclaims": {
        const volumeName = textAt(wanted, "spec", "volumeName") ?? "";
        return restoreClaim(wanted, this.#restoredVolumes.has(volumeName));
      }
      case "persistentvolumes":
        this.#restoredVolumes.add(item.name);
        return restoreVolumeObject(wanted, restored.mapping);
      default:
        return restoreKind(item.resource, wanted, restored);
    }
  }

  async #after(item: ArchivedItem, object: RawObject): Promise<void> {
    if (item.resource !== "pods") return;
    const { volumes } = this.#options;
    for (const backup of volumes.backupsOf(item.namespace ?? "", item.name)) {
      await volumes.request(object, backup);
    }
  }
}

/** The destination's resource for a name in a backup. */
export function findResource(
  discovered: readonly DiscoveredResource[],
  name: string,
): DiscoveredResource | undefined {
  const same = discovered.filter((resource) => groupResource(resource) === name);
  return same.find(({ preferred }) => preferred) ?? same[0];
}
