import { DirectVolumeMigration, Finalizer, isRefSet } from "@drover/crds";
import type { VolumeItineraryName } from "@drover/crds";
import { ClusterNotUsable } from "../runtime/cluster-pool.ts";
import type { ReconcilerDeps } from "../runtime/deps.ts";
import { done, waiting } from "../runtime/outcome.ts";
import type { Outcome } from "../runtime/outcome.ts";
import type { Pass, Reconciler } from "../runtime/reconciler.ts";
import { runItinerary } from "../runtime/step.ts";
import type { Progress } from "../runtime/step.ts";
import { areClaimsFound, readVolumeScope } from "./read-volume-scope.ts";
import { removeTransferObjects } from "./remove-transfer-objects.ts";
import { awaitPodsGone } from "./steps/remove-transfer.ts";
import { transferRunOf } from "./transfer-run-of.ts";
import { COPIED, volumeItineraries, volumePhaseDescriptions } from "./volume-itineraries.ts";
import { isLastSync } from "./volume-scope.ts";
import type { ClusterSide, VolumeScope } from "./volume-scope.ts";

type VolumePass = Pass<DirectVolumeMigration>;

/** Copies the claims of one run straight from cluster to cluster. */
export function volumeReconciler(deps: ReconcilerDeps): Reconciler<DirectVolumeMigration> {
  return {
    kind: DirectVolumeMigration,
    workers: 10,
    observed: "digest",
    finalizer: Finalizer.directVolumeMigration,
    reconcile: (pass) => reconcile(pass, deps),
    finalize: (pass) => finalize(pass, deps),
  };
}

async function reconcile(pass: VolumePass, deps: ReconcilerDeps): Promise<Outcome> {
  const { status, conditions } = pass;
  status.phaseDescription ??= "";
  if (status.phase === "Completed") {
    conditions.keepAll();
    return done;
  }
  const itinerary: VolumeItineraryName = conditions.has("Failed")
    ? "VolumeMigrationFailed"
    : "VolumeMigration";
  const scope = await readVolumeScope(pass, deps, cursorOf(status.phase, itinerary));
  if (scope === undefined) return done;
  if (itinerary === "VolumeMigration" && !(await areSourcesThere(scope))) return done;
  status.itinerary = itinerary;
  const progress = await runItinerary(volumeItineraries[itinerary], scope, {
    signal: pass.signal,
    onStart: (phase) => enter(pass, phase),
    onDone: (phase) => {
      if (phase === "RunRsyncOperations") markCopied(scope);
    },
  });
  return conclude(pass, progress);
}

/** Claims are looked for until they were copied; after that their absence is none of our business. */
async function areSourcesThere(scope: VolumeScope): Promise<boolean> {
  const hasBegun = scope.isPast("CreateDestinationPVCs");
  return hasBegun || scope.pass.conditions.has(COPIED) || areClaimsFound(scope);
}

function conclude(pass: VolumePass, progress: Progress): Outcome {
  const { outcome } = progress;
  if (outcome.state === "done") return complete(pass);
  if (outcome.state === "blocked") return fail(pass, progress.stoppedAt ?? "", outcome.message);
  const step = progress.passed.length + 1;
  pass.conditions.set({
    type: "Running",
    category: "Advisory",
    reason: progress.stoppedAt ?? "",
    message: `Step: ${step}/${progress.applicable.length + 1}. ${outcome.message}`,
  });
  pass.conditions.setReady(!pass.conditions.hasBlocker(), "Volumes are being copied.");
  return outcome;
}

function complete(pass: VolumePass): Outcome {
  const { conditions } = pass;
  enter(pass, "Completed");
  if (!conditions.has("Failed")) {
    const message = transferRunOf(pass.object).compareOnly
      ? "All volumes are compared."
      : "All volumes are copied.";
    conditions.set({
      type: "Succeeded",
      category: "Advisory",
      reason: "Completed",
      durable: true,
      message,
    });
  }
  return done;
}

function fail(pass: VolumePass, phase: string, message: string): Outcome {
  pass.status.errors = [...new Set([...(pass.status.errors ?? []), message])];
  pass.conditions.set({
    type: "Failed",
    category: "Critical",
    reason: phase,
    durable: true,
    message,
  });
  enter(pass, "MigrationFailed");
  pass.status.itinerary = "VolumeMigrationFailed";
  // Cleaning up comes after the failure is on record, so that a crash between the two cannot start the copy again.
  return waiting({ reason: "Failed", message, afterMs: 1 });
}

function markCopied(scope: VolumeScope): void {
  const { conditions } = scope.pass;
  const { compareOnly } = scope.run;
  const message = `${scope.copies.length} volumes were ${compareOnly ? "compared" : "copied"}.`;
  conditions.set({ type: COPIED, category: "Advisory", durable: true, message });
  if (!isLastSync(scope)) return;
  conditions.set({
    type: "CopyVerified",
    category: "Advisory",
    durable: true,
    message: `Both ends of ${scope.copies.length} volumes were compared after the last copy${compareOnly ? " through the repository" : ""} and are equal.`,
  });
}

function enter(pass: VolumePass, phase: string): void {
  pass.status.phase = phase;
  pass.status.phaseDescription = volumePhaseDescriptions[phase] ?? "";
}

function cursorOf(
  phase: string | undefined,
  itinerary: keyof typeof volumeItineraries,
): (name: string) => boolean {
  const names: string[] = volumeItineraries[itinerary].map(({ name }) => name);
  const at = names.indexOf(phase ?? "");
  return (name) => names.indexOf(name) < at;
}

async function finalize(pass: VolumePass, deps: ReconcilerDeps): Promise<Outcome> {
  const { srcMigClusterRef, destMigClusterRef } = pass.object.spec;
  const run = transferRunOf(pass.object);
  const sides: Pick<ClusterSide, "cluster" | "ref">[] = [];
  for (const ref of [srcMigClusterRef, destMigClusterRef]) {
    if (!isRefSet(ref)) continue;
    try {
      sides.push({ ref, cluster: await deps.clusters.connect(ref) });
    } catch (error) {
      if (!(error instanceof ClusterNotUsable)) throw error;
      // A cluster that is no longer registered keeps what is there; nobody could remove it any more.
      pass.log.warn({ cluster: ref.name, err: error }, "cannot clean up on this cluster");
    }
  }
  for (const { cluster } of sides) await removeTransferObjects(cluster, run);
  return awaitPodsGone(pass, sides, run);
}
