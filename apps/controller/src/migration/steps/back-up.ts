import {
  Backup,
  BackupStorageLocation,
  MigPlan,
  PodVolumeBackup,
  correlationKey,
} from "@drover/crds";
import { migrationObjectName, migrationSelector } from "../../manifests/migration-run.ts";
import { initialBackup, replicatedBackup, stageBackup } from "../../manifests/velero-objects.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep, PlanCluster } from "../migration-scope.ts";
import { backupLine, volumeLine } from "../velero-progress.ts";
import { veleroResult } from "../velero-phase.ts";

/** Done when Velero on both clusters can reach the plan's repository. */
export const awaitVelero: MigrationStep = {
  name: "WaitForVeleroReady",
  isDone: ({ isPast }) => isPast("WaitForVeleroReady"),
  async run(scope) {
    for (const side of [scope.source, scope.target]) {
      const location = await planLocation(scope, side);
      if (location?.status?.phase === "Available") continue;
      const state =
        location === undefined
          ? "has none yet"
          : (location.status?.message ?? "is not available yet");
      return waiting({
        reason: "VeleroNotReady",
        message: `Waiting for the plan's backup storage location on cluster ${side.ref.name}: it ${state}. Check that Velero runs there and reaches the repository.`,
      });
    }
    return done;
  },
};

/** Done when the objects of the source namespaces are being backed up. */
export const createInitialBackup: MigrationStep = {
  name: "EnsureInitialBackup",
  isDone: ({ isPast }) => isPast("EnsureInitialBackup"),
  run: (scope) =>
    createBackup(scope, async (options) =>
      initialBackup(scope.run, {
        ...options,
        includedResources: await includedResources(scope),
      }),
    ),
};

/** Done when the data of the volumes is being backed up. */
export function createStageBackup(when: NonNullable<MigrationStep["when"]>): MigrationStep {
  return {
    name: "EnsureStageBackup",
    when,
    isDone: ({ isPast }) => isPast("EnsureStageBackup"),
    run: (scope) => createBackup(scope, async (options) => stageBackup(scope.run, options)),
  };
}

type Place = { readonly namespace: string; readonly storageLocation: string };

async function createBackup(
  scope: MigrationScope,
  build: (place: Place) => Promise<Backup>,
): Promise<Outcome> {
  const { deps, source } = scope;
  const location = await planLocation(scope, source);
  if (location === undefined) {
    return waiting({
      reason: "NoStorageLocation",
      message: `Waiting for the plan's backup storage location on cluster ${source.ref.name}.`,
    });
  }
  const storageLocation = location.metadata.name ?? "";
  const backup = await build({ namespace: deps.namespace, storageLocation });
  await createOnce(source.cluster, Backup, backup);
  return done;
}

type Kind = {
  readonly purpose: "initial" | "stage";
  readonly when?: NonNullable<MigrationStep["when"]>;
};

/** Done when a backup is in the repository. */
export function awaitBackup({ purpose, ...rest }: Kind): MigrationStep {
  const name = purpose === "initial" ? "InitialBackupCreated" : "StageBackupCreated";
  return {
    name,
    ...rest,
    isDone: ({ isPast }) => isPast(name),
    run: (scope) => lookAtBackup(scope, purpose),
  };
}

async function lookAtBackup(scope: MigrationScope, purpose: Kind["purpose"]): Promise<Outcome> {
  const { pass, deps, run, source } = scope;
  const name = migrationObjectName(run, purpose);
  const backup = (await watchBackups(scope, source)).find({ name, namespace: deps.namespace });
  if (backup === undefined) {
    return waiting({
      reason: "BackingUp",
      message: `Waiting for Backup ${name} to appear on cluster ${source.ref.name}.`,
    });
  }
  const volumes = purpose === "stage" ? await volumeBackupLines(scope, name) : [];
  scope.showProgress([backupLine(backup, pass.now()), ...volumes]);
  return backupOutcome(scope, backup, purpose);
}

function backupOutcome(scope: MigrationScope, backup: Backup, purpose: Kind["purpose"]): Outcome {
  const { pass, source } = scope;
  const where = `Backup ${backup.metadata.name ?? ""} on cluster ${source.ref.name}`;
  const { errors = 0 } = backup.status ?? {};
  switch (veleroResult(backup.status?.phase)) {
    case "completed":
      return done;
    case "running":
      return waiting({ reason: "BackingUp", message: `Waiting for Velero to finish ${where}.` });
    case "failed":
      return blocked({
        reason: FAILED[purpose],
        message: `${where} failed. ${failureReasons(backup)} Read its log, then start again.`,
      });
    case "partial":
      // Volumes may be among what was left out.
      if (purpose === "stage") {
        const message = `${where} left out ${errors} objects. Its log names them.`;
        return blocked({ reason: FAILED[purpose], message });
      }
      pass.conditions.set({
        type: "VeleroInitialBackupPartiallyFailed",
        category: "Warn",
        durable: true,
        message: `${where} left out ${errors} objects. Its log names them.`,
      });
      return done;
  }
}

const FAILED = { initial: "InitialBackupFailed", stage: "StageBackupFailed" } as const;

function failureReasons({ status }: Backup): string {
  return (status?.validationErrors ?? [status?.failureReason ?? ""]).join(" ");
}

/** Done when the target's Velero knows a backup. */
export function replicateBackup({ purpose, ...rest }: Kind): MigrationStep {
  const name =
    purpose === "initial" ? "EnsureInitialBackupReplicated" : "EnsureStageBackupReplicated";
  return {
    name,
    ...rest,
    isDone: ({ isPast }) => isPast(name),
    run: (scope) => replicate(scope, purpose),
  };
}

async function replicate(scope: MigrationScope, purpose: Kind["purpose"]): Promise<Outcome> {
  const { deps, run, source, target } = scope;
  const ref = { name: migrationObjectName(run, purpose), namespace: deps.namespace };
  if ((await watchBackups(scope, target)).find(ref)) return done;
  const original = await source.cluster.get(Backup, ref);
  const location = await planLocation(scope, target);
  if (location && (await handOver(target, replicatedBackup(original, location)))) return done;
  return waiting({
    reason: "BackupNotReplicated",
    message: `Waiting for Velero on cluster ${target.ref.name} to find Backup ${ref.name} in the repository.`,
  });
}

/**
 * Only where the server keeps the status on create: without it Velero would take this for a new backup, run it, and
 * overwrite the real one.
 */
async function handOver({ cluster }: PlanCluster, backup: Backup): Promise<boolean> {
  const kept = await cluster.create(Backup, backup, { dryRun: true });
  if (kept.status?.phase !== backup.status?.phase || kept.status?.phase === undefined) return false;
  await createOnce(cluster, Backup, backup);
  return true;
}

async function volumeBackupLines(
  { pass, deps, source }: MigrationScope,
  backupName: string,
): Promise<string[]> {
  const backups = await pass.wakeOn({
    cluster: source.cluster,
    kind: PodVolumeBackup,
    namespace: deps.namespace,
    labelSelector: `velero.io/backup-name=${backupName}`,
  });
  return backups.list().map((one) => volumeLine("PodVolumeBackup", one, pass.now()));
}

function watchBackups({ pass, deps, run }: MigrationScope, { cluster }: PlanCluster) {
  return pass.wakeOn({
    cluster,
    kind: Backup,
    namespace: deps.namespace,
    labelSelector: migrationSelector(run),
  });
}

async function planLocation(
  { pass, deps, run }: MigrationScope,
  { cluster }: PlanCluster,
): Promise<BackupStorageLocation | undefined> {
  const locations = await pass.wakeOn({
    cluster,
    kind: BackupStorageLocation,
    namespace: deps.namespace,
    labelSelector: `${correlationKey(MigPlan)}=${run.plan.metadata.uid ?? ""}`,
  });
  return locations.list()[0];
}

/** Kinds of the plan as Velero names resources. */
async function includedResources({ run, source, pass }: MigrationScope): Promise<string[]> {
  const wanted = run.plan.spec.includedResources ?? [];
  if (wanted.length === 0) return [];
  const served = await source.cluster.discovery(pass.signal);
  return wanted.flatMap(({ kind, group }) => {
    const found = served.find((one) => one.kind === kind && one.group === group);
    if (!found) return [];
    return [group === "" ? found.plural : `${found.plural}.${group}`];
  });
}
