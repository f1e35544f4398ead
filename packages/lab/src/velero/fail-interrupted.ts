import { Backup, PodVolumeBackup, PodVolumeRestore, Restore } from "@drover/crds";
import { nowText, patchStatus, type VeleroContext } from "./context.ts";

const interrupted = new Set(["InProgress", "Finalizing", "Accepted", "Prepared"]);

function reason(kind: string): string {
  return `found a ${kind} with status "InProgress" during the server starting, mark it as "Failed": Velero was stopped while it was carried out. Run it again under a new name.`;
}

/** Ends what the previous process left half done: nobody works on it any more. */
export async function failInterrupted(context: VeleroContext): Promise<void> {
  const { cluster, namespace } = context;
  const completionTimestamp = nowText();
  const options = { namespace };
  const isInterrupted = ({ status }: { status?: { phase?: string | undefined } | undefined }) =>
    interrupted.has(status?.phase ?? "");
  const named = { phase: "Failed", completionTimestamp };
  for (const { metadata } of (await cluster.list(Backup, options)).filter(isInterrupted)) {
    const status = { ...named, failureReason: reason("backup") };
    await patchStatus(context, Backup, { name: metadata.name ?? "", status });
  }
  for (const { metadata } of (await cluster.list(Restore, options)).filter(isInterrupted)) {
    const status = { ...named, failureReason: reason("restore") };
    await patchStatus(context, Restore, { name: metadata.name ?? "", status });
  }
  for (const { metadata } of (await cluster.list(PodVolumeBackup, options)).filter(isInterrupted)) {
    const status = { ...named, message: reason("podvolumebackup") };
    await patchStatus(context, PodVolumeBackup, { name: metadata.name ?? "", status });
  }
  for (const { metadata } of (await cluster.list(PodVolumeRestore, options)).filter(
    isInterrupted,
  )) {
    const status = { ...named, message: reason("podvolumerestore") };
    await patchStatus(context, PodVolumeRestore, { name: metadata.name ?? "", status });
  }
}
