import type { Backup } from "@drover/crds";
import type { LiveStore } from "@drover/kube";
import type { VeleroContext } from "../context.ts";
import { BackupDeletion } from "./backup-deletion.ts";
import { DownloadRequests } from "./download-requests.ts";
import { ServerStatusRequests } from "./server-status.ts";

/** Starts what answers Velero's short-lived request objects. */
export function startRequests(
  context: VeleroContext,
  backups: LiveStore<Backup>,
): { close(): Promise<void> } {
  const parts = [
    new DownloadRequests(context),
    new ServerStatusRequests(context),
    new BackupDeletion(context, backups),
  ];
  return {
    async close() {
      await Promise.all(parts.map((part) => part.close()));
    },
  };
}
