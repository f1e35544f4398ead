import { PodVolumeRestore, Restore } from "@drover/crds";
import { migrationObjectName, migrationSelector } from "../../manifests/migration-run.ts";
import { finalRestore } from "../../manifests/velero-objects.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";
import { veleroResult } from "../velero-phase.ts";
import { restoreLine, volumeLine } from "../velero-progress.ts";

/** Done when the target creates the objects. From here on applications start there. */
export const createFinalRestore: MigrationStep = {
  name: "EnsureFinalRestore",
  isDone: ({ isPast }) => isPast("EnsureFinalRestore"),
  async run({ deps, run, target }) {
    await createOnce(target.cluster, Restore, finalRestore(run, deps.namespace));
    return done;
  },
};

type Purpose = "stage" | "final";

type Kind = {
  readonly purpose: Purpose;
  readonly when?: NonNullable<MigrationStep["when"]>;
};

/** Done when a restore has created everything on the target. */
export function awaitRestore({ purpose, ...rest }: Kind): MigrationStep {
  const name = purpose === "final" ? "FinalRestoreCreated" : "StageRestoreCreated";
  return {
    name,
    ...rest,
    isDone: ({ isPast }) => isPast(name),
    run: (scope) => lookAtRestore(scope, purpose),
  };
}

async function lookAtRestore(scope: MigrationScope, purpose: Purpose): Promise<Outcome> {
  const restore = await findRestore(scope, purpose);
  const { name = migrationObjectName(scope.run, purpose) } = restore?.metadata ?? {};
  if (restore) {
    const volumes = purpose === "stage" ? await volumeRestoreLines(scope, name) : [];
    scope.showProgress([restoreLine(restore, scope.pass.now()), ...volumes]);
  }
  const result = veleroResult(restore?.status?.phase);
  if (restore === undefined || result === "running") {
    return waiting({
      reason: "Restoring",
      message: `Waiting for Velero to finish Restore ${name} on cluster ${scope.target.ref.name}.`,
    });
  }
  return restoreOutcome(scope, restore, { result, purpose });
}

/** A restore of this migration as the target last told; a change wakes the pass. */
export async function findRestore(
  { pass, deps, run, target }: MigrationScope,
  purpose: Purpose,
): Promise<Restore | undefined> {
  const restores = await pass.wakeOn({
    cluster: target.cluster,
    kind: Restore,
    namespace: deps.namespace,
    labelSelector: migrationSelector(run),
  });
  return restores.find({ name: migrationObjectName(run, purpose), namespace: deps.namespace });
}

async function volumeRestoreLines(
  { pass, deps, target }: MigrationScope,
  restoreName: string,
): Promise<string[]> {
  const restores = await pass.wakeOn({
    cluster: target.cluster,
    kind: PodVolumeRestore,
    namespace: deps.namespace,
    labelSelector: `velero.io/restore-name=${restoreName}`,
  });
  return restores.list().map((one) => volumeLine("PodVolumeRestore", one, pass.now()));
}

type Ended = { readonly result: "completed" | "partial" | "failed"; readonly purpose: Purpose };

function restoreOutcome(
  { pass, target }: MigrationScope,
  restore: Restore,
  { result, purpose }: Ended,
): Outcome {
  const where = `Restore ${restore.metadata.name ?? ""} on cluster ${target.ref.name}`;
  const { errors = 0 } = restore.status ?? {};
  // Data that is not there whole must not be started on.
  const isLost = result === "failed" || (result === "partial" && purpose === "stage");
  if (isLost) {
    return blocked({
      reason: purpose === "final" ? "FinalRestoreFailed" : "StageRestoreFailed",
      message: `${where} failed with ${errors} errors. ${failureReasons(restore)} Read its log; roll back before starting again.`,
    });
  }
  if (result === "partial") {
    pass.conditions.set({
      type: "VeleroFinalRestorePartiallyFailed",
      category: "Warn",
      durable: true,
      message: `${where} could not create ${errors} objects. Its log names them.`,
    });
  }
  return done;
}

function failureReasons({ status }: Restore): string {
  return (status?.validationErrors ?? [status?.failureReason ?? ""]).join(" ");
}
