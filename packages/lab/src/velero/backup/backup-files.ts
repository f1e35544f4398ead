import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Backup, PodVolumeBackup } from "@drover/crds";
import type { RunLog } from "../run-log.ts";
import type { Location } from "../storage/location.ts";
import type { ItemStore } from "./item-store.ts";

const compress = promisify(gzip);

export const backupFile = {
  metadata: () => "velero-backup.json",
  contents: (name: string) => `${name}.tar.gz`,
  log: (name: string) => `${name}-logs.gz`,
  results: (name: string) => `${name}-results.gz`,
  podVolumeBackups: (name: string) => `${name}-podvolumebackups.json.gz`,
  resourceList: (name: string) => `${name}-resource-list.json.gz`,
  volumeSnapshots: (name: string) => `${name}-volumesnapshots.json.gz`,
  itemOperations: (name: string) => `${name}-itemoperations.json.gz`,
  snapshotContents: (name: string) => `${name}-csi-volumesnapshotcontents.json.gz`,
  snapshots: (name: string) => `${name}-csi-volumesnapshots.json.gz`,
  volumeInfo: (name: string) => `${name}-volumeinfo.json.gz`,
} as const;

export type BackupUpload = {
  readonly location: Location;
  /** As it will be when the backup is over; other clusters learn of it from here. */
  readonly backup: Backup;
  readonly archive: string;
  readonly items: ItemStore;
  readonly volumes: readonly PodVolumeBackup[];
  readonly log: RunLog;
};

/** Writes everything of a backup to the bucket. The metadata goes last: whoever sees it finds the rest. */
export async function uploadBackup(upload: BackupUpload): Promise<void> {
  const { location, backup, archive, items, volumes, log } = upload;
  const name = backup.metadata.name ?? "";
  const key = (file: string): string => location.backupKey(name, file);
  const putJson = async (file: string, value: unknown): Promise<void> =>
    location.bucket.put(key(file), await compress(JSON.stringify(value)));
  await location.bucket.putFile(key(backupFile.contents(name)), archive);
  await putJson(backupFile.podVolumeBackups(name), volumes);
  await putJson(backupFile.resourceList(name), items.resourceList());
  await putJson(backupFile.volumeSnapshots(name), []);
  await putJson(backupFile.itemOperations(name), []);
  await location.bucket.put(key(backupFile.results(name)), await log.results());
  await location.bucket.put(key(backupFile.log(name)), await log.close());
  await location.bucket.put(
    key(backupFile.metadata()),
    Buffer.from(JSON.stringify(backup, undefined, 2)),
  );
}
