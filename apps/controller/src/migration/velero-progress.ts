import type { Backup, PodVolumeBackup, PodVolumeRestore, Restore } from "@drover/crds";

type Leads = Readonly<Record<string, string>>;

const backupLeads: Leads = { Failed: "failed. ", PartiallyFailed: "partially failed. " };
const restoreLeads: Leads = { Failed: "Failed. ", PartiallyFailed: "partially failed. " };

/** The line a backup has in the pipeline; its shape is upstream's. */
export function backupLine({ metadata, status }: Backup, now: Date): string {
  const name = `Backup ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  if (status?.phase === undefined || status.phase === "New") return `${name}: Not started`;
  const { itemsBackedUp = 0, totalItems = 0 } = status.progress ?? {};
  const counts = `${itemsBackedUp} out of estimated total of ${totalItems} objects backed up`;
  const lead = backupLeads[status.phase] ?? "";
  return `${name}: ${lead}${counts} (${elapsed(status, now)})`;
}

/** The line a restore has in the pipeline. */
export function restoreLine({ metadata, status }: Restore, now: Date): string {
  const name = `Restore ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  if (status?.phase === undefined || status.phase === "New") return `${name}: Not started`;
  const { itemsRestored = 0, totalItems = 0 } = status.progress ?? {};
  const counts = `${itemsRestored} out of estimated total of ${totalItems} objects restored`;
  const lead = restoreLeads[status.phase] ?? "";
  return `${name}: ${lead}${counts} (${elapsed(status, now)})`;
}

type Timed = {
  readonly startTimestamp?: string | null | undefined;
  readonly completionTimestamp?: string | null | undefined;
};

function elapsed({ startTimestamp, completionTimestamp }: Timed, now: Date): string {
  if (!startTimestamp) return "0s";
  const endMs = completionTimestamp ? Date.parse(completionTimestamp) : now.getTime();
  const seconds = Math.max(0, Math.round((endMs - Date.parse(startTimestamp)) / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

const volumeWords = {
  PodVolumeBackup: { verb: "backed up", noun: "backup" },
  PodVolumeRestore: { verb: "restored", noun: "restore" },
} as const;

/** The line the copy of one volume's files has. */
export function volumeLine(
  kind: "PodVolumeBackup" | "PodVolumeRestore",
  { metadata, status }: PodVolumeBackup | PodVolumeRestore,
  now: Date,
): string {
  const name = `${kind} ${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
  const { verb, noun } = volumeWords[kind];
  const lead = volumeLeads[status?.phase ?? ""];
  if (!status || lead === undefined) {
    return `${name}: Waiting for ongoing volume ${noun}(s) to complete`;
  }
  return `${name}: ${lead}${amounts(status.progress)} ${verb} (${elapsed(status, now)})`;
}

const volumeLeads: Readonly<Record<string, string | undefined>> = {
  InProgress: "",
  Completed: "",
  Failed: "Failed. ",
};

function amounts(progress: NonNullable<PodVolumeBackup["status"]>["progress"]): string {
  const { bytesDone = 0, totalBytes = 0 } = progress ?? {};
  return `${bytes(bytesDone)} out of ${bytes(totalBytes)}`;
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;

/** Base 1000 with two decimals, as upstream shows sizes. */
function bytes(amount: number): string {
  const power = amount < 1000 ? 0 : Math.min(Math.floor(Math.log10(amount) / 3), UNITS.length - 1);
  const unit = UNITS[power] ?? "bytes";
  return power === 0 ? `${amount} ${unit}` : `${(amount / 1000 ** power).toFixed(2)} ${unit}`;
}
