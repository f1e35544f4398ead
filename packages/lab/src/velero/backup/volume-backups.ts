import { PodVolumeBackup, VeleroLabel, type Backup } from "@drover/crds";
import type { LiveStore } from "@drover/kube";
import { labelValue, type VeleroContext } from "../context.ts";
import { recordAt, recordsAt, textAt, type RawObject } from "../raw-object.ts";
import type { RunLog } from "../run-log.ts";
import type { Location } from "../storage/location.ts";
import { waitUntil } from "../wait-until.ts";

export type VolumeBackupsOptions = {
  readonly context: VeleroContext;
  readonly store: LiveStore<PodVolumeBackup>;
  readonly backup: Backup;
  readonly location: Location;
  readonly log: RunLog;
  readonly timeoutMs: number;
};

function isOver({ status }: PodVolumeBackup): boolean {
  return status?.phase === "Completed" || status?.phase === "Failed";
}

function claimOf(pod: RawObject, volume: string): string | undefined {
  const found = recordsAt(pod, "spec", "volumes").find(({ name }) => name === volume);
  return textAt(found, "persistentVolumeClaim", "claimName");
}

/** The PodVolumeBackups of one backup. */
export class VolumeBackups {
  readonly #options: VolumeBackupsOptions;
  readonly #names = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(options: VolumeBackupsOptions) {
    this.#options = options;
  }

  /** Asks for the backup of one volume of a pod. */
  async request(pod: RawObject, volume: string): Promise<void> {
    const { context, log } = this.#options;
    const { namespace = "", name = "" } = pod.metadata;
    if (recordAt(pod, "status")["phase"] !== "Running") {
      log.error(
        `The pod ${namespace}/${name} is not running, so its volume "${volume}" cannot be backed up.`,
        namespace,
      );
      return;
    }
    const created = await context.cluster.create(PodVolumeBackup, this.#manifest(pod, volume));
    this.#names.add(created.metadata.name ?? "");
  }

  /** Settles with all of them when each is done; failures become errors of the backup. */
  async finish(): Promise<PodVolumeBackup[]> {
    const { store, log, timeoutMs, context } = this.#options;
    const current = (): PodVolumeBackup[] =>
      store.list().filter(({ metadata }) => this.#names.has(metadata.name ?? ""));
    const isSettled = (name: string): boolean => {
      const found = store.get({ name, namespace: context.namespace });
      if (found === undefined) return this.#seen.has(name);
      this.#seen.add(name);
      return isOver(found);
    };
    // Each is looked at, so that one that is deleted later is known to have been there.
    const areOver = (): boolean => [...this.#names].map(isSettled).every(Boolean);
    const inTime = await waitUntil(store, areOver, { timeoutMs, signal: context.signal });
    if (!inTime) log.error(`Not all volumes were backed up within ${timeoutMs / 1000} seconds.`);
    const deleted = this.#names.size - current().length;
    if (deleted > 0) log.error(`${deleted} PodVolumeBackups were deleted while they were needed.`);
    for (const { spec, status } of current()) {
      if (status?.phase === "Completed") continue;
      const where = `${spec.pod.namespace}/${spec.pod.name}`;
      const reason = status?.message ?? `it is still ${status?.phase ?? "New"}`;
      log.error(
        `The volume "${spec.volume}" of pod ${where} was not backed up: ${reason}`,
        spec.pod.namespace,
      );
    }
    return current();
  }

  #manifest(pod: RawObject, volume: string): PodVolumeBackup {
    const { backup, location, context } = this.#options;
    const { name: backupName = "", uid: backupUid = "" } = backup.metadata;
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const claim = claimOf(pod, volume);
    return {
      apiVersion: "velero.io/v1",
      kind: "PodVolumeBackup",
      metadata: {
        generateName: `${backupName}-`,
        namespace: context.namespace,
        labels: {
          [VeleroLabel.backupName]: labelValue(backupName),
          [VeleroLabel.backupUid]: backupUid,
        },
        annotations: claim === undefined ? {} : { "velero.io/pvc-name": claim },
        ownerReferences: [
          {
            apiVersion: "velero.io/v1",
            kind: "Backup",
            name: backupName,
            uid: backupUid,
            controller: true,
          },
        ],
      },
      spec: {
        node: textAt(pod, "spec", "nodeName") ?? "",
        pod: { kind: "Pod", namespace, name, uid },
        volume,
        backupStorageLocation: location.name,
        repoIdentifier: location.repository(namespace),
        uploaderType: "restic",
        tags: {
          backup: backupName,
          "backup-uid": backupUid,
          pod: name,
          "pod-uid": uid,
          ns: namespace,
          volume,
        },
      },
    };
  }
}
