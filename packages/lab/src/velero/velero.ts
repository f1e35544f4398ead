import { mkdir } from "node:fs/promises";
import type { Cluster } from "@drover/kube";
import { pino, type Logger } from "pino";
import { BackupController } from "./backup/backup-controller.ts";
import type { VeleroContext } from "./context.ts";
import { failInterrupted } from "./fail-interrupted.ts";
import { startRequests } from "./requests/start-requests.ts";
import { ensureNamespace } from "./restore/ensure-namespace.ts";
import { RestoreController } from "./restore/restore-controller.ts";
import { BackupSync } from "./storage/backup-sync.ts";
import { LocationController } from "./storage/location-controller.ts";
import { processBoard, type UploadBoard } from "./upload-board.ts";
import { PodVolumeBackupController } from "./volumes/pod-volume-backups.ts";
import { PodVolumeRestoreController } from "./volumes/pod-volume-restores.ts";
import { patientCluster } from "./patient-cluster.ts";
import { ensureRepositoryPassword } from "./volumes/repositories.ts";

const defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const defaultVolumeTimeoutMs = 4 * 3_600_000;

export type VeleroOptions = {
  /** As admin, with Velero's kinds installed. */
  readonly cluster: Cluster;
  readonly clusterName: string;
  /** The directory with a PersistentVolume's data; undefined when the volume has none here. */
  readonly volumeDir: (volumeName: string) => Promise<string | undefined>;
  /** Scratch space of this cluster's Velero: backups being written, restic's cache. */
  readonly stateDir: string;
  /** Where restic is looked for; the usual directories when absent. */
  readonly searchPath?: string;
  /** Where the Velero objects live, made when it is missing; `openshift-migration` when absent. */
  readonly namespace?: string;
  /** How long the volumes of one backup or restore may take; four hours when absent. */
  readonly volumeTimeoutMs?: number;
  /** Where uploads are announced to other clusters; the board of this process when absent. */
  readonly board?: UploadBoard;
  readonly logger?: Logger;
};

export type Velero = { close(): Promise<void> };

/** Starts what Velero does in one cluster: backups and restores of objects, and of volumes with restic. */
export async function startVelero(options: VeleroOptions): Promise<Velero> {
  const stop = new AbortController();
  const logger = options.logger ?? pino({ level: "silent" });
  const { clusterName, volumeDir, stateDir } = options;
  const cluster = patientCluster(options.cluster, stop.signal);
  const context: VeleroContext = {
    cluster,
    clusterName,
    namespace: options.namespace ?? "openshift-migration",
    volumeDir,
    stateDir,
    searchPath: options.searchPath ?? defaultSearchPath,
    board: options.board ?? processBoard,
    logger: logger.child({ cluster: clusterName, part: "velero" }),
    signal: stop.signal,
  };
  const volumeTimeoutMs = options.volumeTimeoutMs ?? defaultVolumeTimeoutMs;
  await mkdir(stateDir, { recursive: true });
  const namespace = { name: context.namespace, backedUp: undefined };
  await ensureNamespace(cluster, namespace, stop.signal);
  await ensureRepositoryPassword(context);
  await failInterrupted(context);
  const locations = new LocationController(context);
  const volumeBackups = new PodVolumeBackupController(context);
  const volumeRestores = new PodVolumeRestoreController(context);
  const backups = new BackupController({
    context,
    volumeStore: volumeBackups.store,
    volumeTimeoutMs,
  });
  const restores = new RestoreController({
    context,
    volumeStore: volumeRestores.store,
    volumeTimeoutMs,
  });
  const sync = new BackupSync(context, locations.store, backups.store);
  const requests = startRequests(context, backups.store);
  const parts = [backups, restores, sync, requests, locations, volumeBackups, volumeRestores];
  return {
    async close() {
      stop.abort();
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}
