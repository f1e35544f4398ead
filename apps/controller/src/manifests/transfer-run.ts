import { createHash } from "node:crypto";
import { Label, LabelValue } from "@drover/crds";

/** One DirectVolumeMigration as the builders see it. */
export type TransferRun = {
  readonly name: string;
  readonly uid: string;
  /** The labels that tie objects to the migration and the plan behind the run; empty for a run on its own. */
  readonly migrationLabels: Readonly<Record<string, string>>;
  /** The data came another way; both ends are compared, and nothing is written. */
  readonly compareOnly: boolean;
};

export type ClaimRef = { readonly namespace: string; readonly name: string };

/** A claim to copy, and the claim it is copied to. */
export type VolumeCopy = {
  readonly claim: ClaimRef;
  readonly target: ClaimRef;
  readonly storageClass?: string;
  readonly accessModes?: readonly string[];
  readonly volumeMode?: string;
  /** Compare the content of every file, not only what the file system says about it. */
  readonly isVerified: boolean;
};

/** Objects of a run are named for the run: a later run of the same plan never finds an earlier one's. */
function runId(run: Pick<TransferRun, "uid">): string {
  return shortHash(run.uid);
}

export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}

/** Upstream's hash of names in labels and names. */
export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Finds everything a run put on a cluster for the time of the transfer. */
export function transferSelector(run: Pick<TransferRun, "uid">): string {
  return `${RUN_LABEL}=${run.uid},${Label.owner}=${LabelValue.rsyncOwner}`;
}

/** The labels of objects that exist only while data is transferred. */
export function transferLabels(run: TransferRun): Record<string, string> {
  return {
    ...run.migrationLabels,
    [Label.partOf]: LabelValue.partOf,
    [Label.app]: LabelValue.rsyncApp,
    [Label.owner]: LabelValue.rsyncOwner,
    [Label.purpose]: LabelValue.rsyncPurpose,
    [RUN_LABEL]: run.uid,
    // A backup of the namespace that happens to run meanwhile must not pick these up.
    "velero.io/exclude-from-backup": "true",
  };
}

/** The correlation label of a DirectVolumeMigration. */
export const RUN_LABEL = "directvolumemigration";

export const transferNames = {
  server: (run: TransferRun) => `rsync-server-${runId(run)}`,
  endpoint: (run: TransferRun) => `rsync-transfer-${runId(run)}`,
  serverSecret: (run: TransferRun) => `rsync-server-${runId(run)}`,
  clientSecret: (run: TransferRun, copy: VolumeCopy) =>
    `rsync-client-${runId(run)}-${shortHash(copy.target.namespace)}`,
  /** The Secret on the host cluster that both ends' Secrets are made from. */
  credentials: (run: TransferRun, targetNamespace: string) =>
    `transfer-${runId(run)}-${shortHash(targetNamespace)}`,
  client: (run: TransferRun, copy: VolumeCopy, attempt: number) =>
    `rsync-${runId(run)}-${shortHash(`${copy.claim.namespace}/${copy.claim.name}`)}-${attempt}`,
  progress: (run: TransferRun, copy: VolumeCopy) =>
    md5(`${run.name}${copy.claim.name}${copy.claim.namespace}`),
};

export const TRANSFER_PORT = 6443;
