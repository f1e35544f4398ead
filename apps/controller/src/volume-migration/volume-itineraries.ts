import { done, waiting } from "../runtime/outcome.ts";
import type { Step } from "../runtime/step.ts";
import { hasCondition, kubeTime } from "@drover/crds";
import { copyVolumes } from "./steps/copy-volumes.ts";
import { createCredentials } from "./steps/create-credentials.ts";
import { createEndpoints } from "./steps/create-endpoints.ts";
import { createProgressReports } from "./steps/create-progress-reports.ts";
import { createTargetClaims } from "./steps/create-target-claims.ts";
import { createTargetNamespaces } from "./steps/create-target-namespaces.ts";
import { awaitTransferGone, removeTransfer } from "./steps/remove-transfer.ts";
import { awaitServers, createServers } from "./steps/run-servers.ts";
import type { VolumeScope } from "./volume-scope.ts";

/** Says that every volume was copied. It outlives the pods: their absence must not start the copy again. */
export const COPIED = "VolumesCopied";

const start: Step<VolumeScope> = {
  name: "Started",
  async run({ pass }) {
    pass.status.startTimestamp ??= kubeTime(pass.now());
    return done;
  },
};

const failed: Step<VolumeScope> = {
  name: "MigrationFailed",
  run: async () => done,
};

const transfer: readonly Step<VolumeScope>[] = [
  createTargetNamespaces,
  createTargetClaims,
  createEndpoints,
  createCredentials,
  createProgressReports,
  createServers,
  awaitServers,
  copyVolumes,
].map((step) => ({ ...step, isDone: (scope) => isCopied(scope) || Boolean(step.isDone?.(scope)) }));

/**
 * The result comes on record before anything is removed: a controller that removed first and was killed, or whose
 * write was lost, would find volumes to copy and nothing left to copy them with.
 */
const removeWhenRecorded: Step<VolumeScope> = {
  ...removeTransfer,
  async run(scope) {
    const { conditions } = scope.pass.object.status ?? {};
    if (hasCondition(conditions, COPIED)) return removeTransfer.run(scope);
    const message = "Waiting for the result of the copy to be on record.";
    return waiting({ reason: "Recording", message, afterMs: 1 });
  },
};

export const volumeItineraries = {
  VolumeMigration: [start, ...transfer, removeWhenRecorded, awaitTransferGone],
  VolumeMigrationFailed: [failed, removeTransfer, awaitTransferGone],
} satisfies Record<string, readonly Step<VolumeScope>[]>;

export const volumePhaseDescriptions: Readonly<Record<string, string>> = {
  Started: "Beginning to copy volumes.",
  CreateDestinationNamespaces: "Creating namespaces on the target cluster.",
  CreateDestinationPVCs: "Creating claims on the target cluster.",
  CreateRsyncRoute: "Creating the endpoints that receive data.",
  CreateStunnelConfig: "Giving both ends one-shot certificates and a password.",
  CreatePVProgressCRs: "Creating a progress report for each volume.",
  CreateRsyncTransferPods: "Creating the pods that receive data.",
  WaitForRsyncTransferPodsRunning: "Waiting for the pods that receive data to become ready.",
  RunRsyncOperations: "Copying volumes from the source to the target cluster.",
  MigrationFailed: "Copying failed; removing what was there for the transfer.",
  DeleteRsyncResources: "Removing what was there for the transfer.",
  WaitForRsyncResourcesTerminated: "Waiting for transfer pods to end.",
  Completed: "Complete.",
};

function isCopied({ pass }: VolumeScope): boolean {
  return pass.conditions.has(COPIED);
}
