import {
  Backup,
  DeleteBackupRequest,
  DirectVolumeMigration,
  Restore,
  apiVersionOf,
} from "@drover/crds";
import { migrationSelector, planSelector } from "../../manifests/migration-run.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";
import { isVeleroOver } from "../velero-phase.ts";
import { findVolumeMigration } from "./migrate-volumes.ts";
import { findRestore } from "./restore.ts";

/** A cancelled or failed run removes its own objects, a rollback those of every run of the plan. */
function selector({ pass, run }: MigrationScope): string {
  return pass.object.spec.rollback && !pass.object.spec.canceled
    ? planSelector(run)
    : migrationSelector(run);
}

/** Applications were started on the target only if this run got as far as its restore. */
export async function hasRestored(scope: MigrationScope): Promise<boolean> {
  return (await findRestore(scope, "final")) !== undefined;
}

/** Done when Velero is not writing to the target any more: what it still creates could not be stopped. */
export const awaitRestoreOver: MigrationStep = {
  name: "AwaitRestoreOver",
  when: hasRestored,
  isDone: ({ isPast }) => isPast("AwaitRestoreOver"),
  async run(scope) {
    const restore = await findRestore(scope, "final");
    if (restore === undefined || isVeleroOver(restore.status?.phase)) return done;
    return waiting({
      reason: "RestoreUnderWay",
      message: `Waiting for Velero to finish Restore ${restore.metadata.name ?? ""} on cluster ${scope.target.ref.name}, so that what it starts can be stopped.`,
    });
  },
};

/** Done when Velero was asked to delete the backups with their data. */
export const deleteBackups: MigrationStep = {
  name: "DeleteBackups",
  isDone: ({ isPast }) => isPast("DeleteBackups"),
  async run(scope) {
    const { deps, source, target } = scope;
    const query = { namespace: deps.namespace, labelSelector: selector(scope) };
    for (const { metadata, status } of await source.cluster.list(Backup, query)) {
      const name = metadata.name ?? "";
      // Velero refuses to delete a backup it is still making.
      if (isVeleroOver(status?.phase)) {
        await createOnce(source.cluster, DeleteBackupRequest, deleteRequest(name, deps.namespace));
      } else await source.cluster.delete(Backup, { name, namespace: deps.namespace });
    }
    for (const { metadata } of await target.cluster.list(Backup, query)) {
      await target.cluster.delete(Backup, {
        name: metadata.name ?? "",
        namespace: deps.namespace,
      });
    }
    return done;
  },
};

/** Done when the target's Restores are gone. */
export const deleteRestores: MigrationStep = {
  name: "DeleteRestores",
  isDone: ({ isPast }) => isPast("DeleteRestores"),
  async run(scope) {
    const { deps, target } = scope;
    const query = { namespace: deps.namespace, labelSelector: selector(scope) };
    for (const { metadata } of await target.cluster.list(Restore, query)) {
      await target.cluster.delete(Restore, {
        name: metadata.name ?? "",
        namespace: deps.namespace,
      });
    }
    return done;
  },
};

/** Done when the copy of the volumes is called off and its pods are gone from both clusters. */
export const deleteVolumeMigration: MigrationStep = {
  name: "DeleteDirectVolumeMigrationResources",
  isDone: ({ isPast }) => isPast("DeleteDirectVolumeMigrationResources"),
  async run(scope) {
    const found = await findVolumeMigration(scope);
    if (found === undefined) return done;
    const { name = "", namespace = "", deletionTimestamp } = found.metadata;
    if (deletionTimestamp === undefined) {
      await scope.deps.host.delete(DirectVolumeMigration, { name, namespace });
    }
    return waiting({
      reason: "CopyStopping",
      message: `Waiting for DirectVolumeMigration ${name} to remove its transfer pods from clusters ${scope.source.ref.name} and ${scope.target.ref.name}.`,
    });
  },
};

/** A failed copy has cleaned up after itself and stays, as the record of what went wrong. */
export const keepFailedVolumeMigration: MigrationStep = {
  ...deleteVolumeMigration,
  async run(scope) {
    const found = await findVolumeMigration(scope);
    if (found?.status?.phase === "Completed") return done;
    return found?.status?.itinerary === "VolumeMigrationFailed"
      ? waiting({
          reason: "CopyStopping",
          message: `Waiting for DirectVolumeMigration ${found.metadata.name ?? ""} to remove its transfer pods from clusters ${scope.source.ref.name} and ${scope.target.ref.name}.`,
        })
      : deleteVolumeMigration.run(scope);
  },
};

function deleteRequest(backupName: string, namespace: string): DeleteBackupRequest {
  return {
    apiVersion: apiVersionOf(DeleteBackupRequest),
    kind: DeleteBackupRequest.kind,
    metadata: {
      name: backupName,
      namespace,
      labels: { "velero.io/backup-name": backupName },
    },
    spec: { backupName },
  };
}

/** Done when the status says that the run is being stopped. */
export const beginCancel: MigrationStep = {
  name: "Canceling",
  async run({ pass }) {
    if (pass.conditions.has("Canceled")) return done;
    const message = "The migration is being cancelled.";
    pass.conditions.set({
      type: "Canceling",
      category: "Advisory",
      reason: "Cancel",
      durable: true,
      message,
    });
    return done;
  },
};

/** Done when the status says that the run was stopped. */
export const endCancel: MigrationStep = {
  name: "Canceled",
  async run({ pass }) {
    pass.conditions.remove("Canceling");
    pass.conditions.set({
      type: "Canceled",
      category: "Advisory",
      reason: "Cancel",
      durable: true,
      message: "The migration was cancelled, and the source applications run again.",
    });
    return done;
  },
};

/** Marks the beginning of an itinerary that has no preparation. */
export function begin(name: "MigrationFailed" | "Rollback"): MigrationStep {
  return { name, run: async () => done };
}
