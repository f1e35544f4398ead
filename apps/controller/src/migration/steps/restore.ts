import { Restore } from "@drover/crds";
import { migrationObjectName, migrationSelector } from "../../manifests/migration-run.ts";
import { finalRestore } from "../../manifests/velero-objects.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";
import { veleroResult } from "../velero-phase.ts";
import { restoreLine } from "../velero-progress.ts";

/** Done when the target creates the objects. From here on applications start there. */
export const createFinalRestore: MigrationStep = {
  name: "EnsureFinalRestore",
  isDone: ({ isPast }) => isPast("EnsureFinalRestore"),
  async run({ deps, run, target }) {
    await createOnce(target.cluster, Restore, finalRestore(run, deps.namespace));
    return done;
  },
};

/** Done when every object is there on the target. */
export const awaitFinalRestore: MigrationStep = {
  name: "FinalRestoreCreated",
  isDone: ({ isPast }) => isPast("FinalRestoreCreated"),
  async run(scope) {
    const restore = await findFinalRestore(scope);
    const { name = migrationObjectName(scope.run, "final") } = restore?.metadata ?? {};
    if (restore) scope.showProgress([restoreLine(restore, scope.pass.now())]);
    const result = veleroResult(restore?.status?.phase);
    if (result === "running") {
      return waiting({
        reason: "Restoring",
        message: `Waiting for Velero to finish Restore ${name} on cluster ${scope.target.ref.name}.`,
      });
    }
    return restore ? restoreOutcome(scope, restore, result) : done;
  },
};

/** The restore of this migration as the target last told; a change wakes the pass. */
export async function findFinalRestore({
  pass,
  deps,
  run,
  target,
}: MigrationScope): Promise<Restore | undefined> {
  const restores = await pass.wakeOn({
    cluster: target.cluster,
    kind: Restore,
    namespace: deps.namespace,
    labelSelector: migrationSelector(run),
  });
  return restores.find({ name: migrationObjectName(run, "final"), namespace: deps.namespace });
}

function restoreOutcome(
  { pass, target }: MigrationScope,
  { metadata, status }: Restore,
  result: "completed" | "partial" | "failed",
): Outcome {
  const name = metadata.name ?? "";
  if (result === "failed") {
    const reasons = status?.validationErrors ?? [status?.failureReason ?? ""];
    return blocked({
      reason: "FinalRestoreFailed",
      message: `Restore ${name} failed on cluster ${target.ref.name}. ${reasons.join(" ")} Read its log; roll back before starting again.`,
    });
  }
  if (result === "partial") {
    pass.conditions.set({
      type: "VeleroFinalRestorePartiallyFailed",
      category: "Warn",
      durable: true,
      message: `Restore ${name} on cluster ${target.ref.name} could not create ${status?.errors ?? 0} objects. Its log names them.`,
    });
  }
  return done;
}
