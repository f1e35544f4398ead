import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { PodVolumeBackup } from "@drover/crds";
import { unpackArchive } from "../archive.ts";
import { backupFile } from "../backup/backup-files.ts";
import type { Location } from "../storage/location.ts";

const uncompress = promisify(gunzip);

/** Reads a gzip'd JSON file of a backup; undefined when the backup has no such file. */
async function readBackupJson(location: Location, backup: string, file: string): Promise<unknown> {
  const data = await location.bucket.find(location.backupKey(backup, file));
  return data === undefined ? undefined : JSON.parse((await uncompress(data)).toString("utf8"));
}

/** The volumes that were backed up with a backup. */
export async function readVolumeBackups(
  location: Location,
  backup: string,
): Promise<PodVolumeBackup[]> {
  const list = await readBackupJson(location, backup, backupFile.podVolumeBackups(backup));
  return Array.isArray(list) ? (list as PodVolumeBackup[]) : [];
}

/** Brings the objects of a backup to disk and returns the directory. */
export async function fetchContents(
  location: Location,
  backup: string,
  directory: string,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const archive = join(directory, "contents.tar.gz");
  await location.bucket.getFile(location.backupKey(backup, backupFile.contents(backup)), archive);
  const contents = join(directory, "contents");
  await unpackArchive(archive, contents);
  return contents;
}
