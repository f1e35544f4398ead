import { PodVolumeRestore, VeleroLabel, type PodVolumeBackup, type Restore } from "@drover/crds";
import type { LiveStore } from "@drover/kube";
import { labelValue, type VeleroContext } from "../context.ts";
import type { RawObject } from "../raw-object.ts";
import type { RunLog } from "../run-log.ts";
import type { Location } from "../storage/location.ts";
import { waitUntil } from "../wait-until.ts";

export type VolumeRestoresOptions = {
  readonly context: VeleroContext;
  readonly store: LiveStore<PodVolumeRestore>;
  readonly restore: Restore;
  readonly location: Location;
  readonly backups: readonly PodVolumeBackup[];
  readonly log: RunLog;
  readonly timeoutMs: number;
};

/** How many volumes could not be restored, and of these how many failed verification. */
export type VolumeFailures = { readonly errors: number; readonly verifyErrors: number };

/** The PodVolumeRestores of one restore. */
export class VolumeRestores {
  readonly #options: VolumeRestoresOptions;
  readonly #names = new Set<string>();
  readonly #seen = new Set<string>();

  constructor(options: VolumeRestoresOptions) {
    this.#options = options;
  }

  /** The volume backups of a pod, by its place in the backup. */
  backupsOf(namespace: string, pod: string): readonly PodVolumeBackup[] {
    return this.#options.backups.filter(
      ({ spec, status }) =>
        spec.pod.namespace === namespace &&
        spec.pod.name === pod &&
        status?.phase === "Completed" &&
        Boolean(status.snapshotID),
    );
  }

  /** True when files of this claim are in the backup. */
  hasClaim(namespace: string, claim: string): boolean {
    return this.#options.backups.some(
      ({ metadata, spec }) =>
        spec.pod.namespace === namespace && metadata.annotations?.["velero.io/pvc-name"] === claim,
    );
  }

  /** Asks for the data of one volume of a restored pod. */
  async request(pod: RawObject, backup: PodVolumeBackup): Promise<void> {
    const { context } = this.#options;
    const created = await context.cluster.create(PodVolumeRestore, this.#manifest(pod, backup));
    this.#names.add(created.metadata.name ?? "");
  }

  /** Settles when every volume is done; failures become errors of the restore. */
  async finish(): Promise<VolumeFailures> {
    const { store, log, timeoutMs, context } = this.#options;
    const find = (name: string): PodVolumeRestore | undefined =>
      store.get({ name, namespace: context.namespace });
    const isSettled = (name: string): boolean => {
      const found = find(name);
      if (found === undefined) return this.#seen.has(name);
      this.#seen.add(name);
      return found.status?.phase === "Completed" || found.status?.phase === "Failed";
    };
    const areOver = (): boolean => [...this.#names].map(isSettled).every(Boolean);
    const inTime = await waitUntil(store, areOver, { timeoutMs, signal: context.signal });
    if (!inTime) log.error(`Not all volumes were restored within ${timeoutMs / 1000} seconds.`);
    const failed = [...this.#names].map(find).filter((one) => one?.status?.phase !== "Completed");
    for (const one of failed) this.#report(one);
    const verifyErrors = failed.filter((one) => /verif/i.test(one?.status?.message ?? "")).length;
    return { errors: failed.length, verifyErrors };
  }

  #report(failed: PodVolumeRestore | undefined): void {
    const { log } = this.#options;
    if (failed === undefined) {
      log.error("A PodVolumeRestore was deleted while it was needed.");
      return;
    }
    const { pod, volume } = failed.spec;
    const reason = failed.status?.message ?? `it is still ${failed.status?.phase ?? "New"}`;
    const what = `The volume "${volume}" of pod ${pod.namespace}/${pod.name}`;
    log.error(`${what} was not restored: ${reason}`, pod.namespace);
  }

  #manifest(pod: RawObject, backup: PodVolumeBackup): PodVolumeRestore {
    const { restore, location, context } = this.#options;
    const { name: restoreName = "", uid: restoreUid = "" } = restore.metadata;
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const sourceNamespace = backup.spec.pod.namespace ?? "";
    return {
      apiVersion: "velero.io/v1",
      kind: "PodVolumeRestore",
      metadata: {
        generateName: `${restoreName}-`,
        namespace: context.namespace,
        labels: {
          [VeleroLabel.restoreName]: labelValue(restoreName),
          [VeleroLabel.restoreUid]: restoreUid,
          [VeleroLabel.podUid]: uid,
        },
        ownerReferences: [
          {
            apiVersion: "velero.io/v1",
            kind: "Restore",
            name: restoreName,
            uid: restoreUid,
            controller: true,
          },
        ],
      },
      spec: {
        pod: { kind: "Pod", namespace, name, uid },
        volume: backup.spec.volume,
        snapshotID: backup.status?.snapshotID ?? "",
        backupStorageLocation: location.name,
        repoIdentifier: location.repository(sourceNamespace),
        uploaderType: "restic",
        sourceNamespace,
      },
    };
  }
}
