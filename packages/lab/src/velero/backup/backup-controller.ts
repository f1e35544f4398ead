import { Backup, VeleroLabel, type PodVolumeBackup } from "@drover/crds";
import { liveStore, type LiveStore } from "@drover/kube";
import { labelValue, messageOf, nowText, patchStatus, type VeleroContext } from "../context.ts";
import { durationMs } from "../duration.ts";
import type { Location } from "../storage/location.ts";
import { WorkQueue } from "../work-queue.ts";
import { BackupRun } from "./backup-run.ts";
import { formatVersion } from "./item-store.ts";
import { validateBackup } from "./validate-backup.ts";

const defaultLifeMs = 720 * 3_600_000;

export type BackupControllerOptions = {
  readonly context: VeleroContext;
  readonly volumeStore: LiveStore<PodVolumeBackup>;
  readonly volumeTimeoutMs: number;
};

/** Carries out Backups, one after the other, as Velero does. */
export class BackupController {
  readonly #options: BackupControllerOptions;
  readonly #context: VeleroContext;
  readonly #queue: WorkQueue;
  readonly store: LiveStore<Backup>;

  constructor(options: BackupControllerOptions) {
    this.#options = options;
    this.#context = options.context;
    const { cluster, namespace, logger } = options.context;
    this.#queue = new WorkQueue({
      concurrency: 1,
      work: (name) => this.#reconcile(name),
      onProblem: (name, err) => logger.warn({ err, name }, "A Backup is tried again"),
    });
    this.store = liveStore(cluster, Backup, { namespace });
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
    const backup = await cluster.find(Backup, { name, namespace });
    if (backup === undefined || !isNew(backup)) return;
    const validated = await validateBackup(this.#context, backup);
    if (validated.problems !== undefined) {
      const status = { phase: "FailedValidation", validationErrors: validated.problems };
      await patchStatus(this.#context, Backup, { name, status });
      return;
    }
    const { location } = validated;
    try {
      await this.#carryOut(await this.#begin(backup, location), location);
    } finally {
      location.bucket.close();
    }
  }

  /** Marks the backup as under way and fills in what its spec left open. */
  async #begin(backup: Backup, location: Location): Promise<Backup> {
    const { cluster, namespace } = this.#context;
    const { gitVersion, major, minor } = await cluster.version();
    const lifeMs = durationMs(backup.spec.ttl) ?? defaultLifeMs;
    const expiration = new Date(Date.now() + lifeMs).toISOString().replace(/\.\d{3}Z$/, "Z");
    return cluster.patch(
      Backup,
      { name: backup.metadata.name ?? "", namespace },
      {
        type: "merge",
        body: {
          metadata: {
            labels: { [VeleroLabel.storageLocation]: labelValue(location.name) },
            annotations: {
              "velero.io/source-cluster-k8s-gitversion": gitVersion,
              "velero.io/source-cluster-k8s-major-version": major,
              "velero.io/source-cluster-k8s-minor-version": minor,
            },
          },
          spec: { storageLocation: location.name, ttl: backup.spec.ttl ?? "720h0m0s" },
          status: {
            phase: "InProgress",
            version: 1,
            formatVersion,
            expiration,
            startTimestamp: nowText(),
          },
        },
      },
    );
  }

  async #carryOut(backup: Backup, location: Location): Promise<void> {
    const name = backup.metadata.name ?? "";
    const { volumeStore, volumeTimeoutMs } = this.#options;
    const context = this.#context;
    try {
      const run = new BackupRun({ context, volumeStore, backup, location, volumeTimeoutMs });
      const end = await run.run();
      await patchStatus(context, Backup, { name, status: end });
    } catch (error) {
      // A backup cut off by the end of this process is marked at the next start.
      if (context.signal.aborted) return;
      context.logger.error({ err: error, name }, "A Backup failed");
      const status = {
        phase: "Failed",
        failureReason: messageOf(error),
        completionTimestamp: nowText(),
      };
      await patchStatus(context, Backup, { name, status });
    }
  }
}

function isNew({ metadata, status }: Backup): boolean {
  const phase = status?.phase ?? "";
  return metadata.deletionTimestamp === undefined && (phase === "" || phase === "New");
}
