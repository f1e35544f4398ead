import { DirectVolumeMigration, conditionsOf, hasCondition, withoutStepCount } from "@drover/crds";
import type { ClaimMapping, PodProgress, RsyncOperation } from "@drover/crds";
import {
  directVolumeMigration,
  isCopiedDirectly,
} from "../../manifests/direct-volume-migration.ts";
import { migrationObjectName } from "../../manifests/migration-run.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";
import { stagedClaims } from "./stage-volumes.ts";

/** True when rsync copies at least one volume of the plan. */
export function hasDirectVolumes(scope: MigrationScope): boolean {
  return !scope.run.plan.spec.indirectVolumeMigration && directClaims(scope).length > 0;
}

/** True when volumes came through the repository and nobody writes to either end, so that both can be compared. */
function comparesStagedVolumes(scope: MigrationScope): boolean {
  return Boolean(scope.pass.object.spec.quiescePods) && comparableClaims(scope).length > 0;
}

/** Volumes of the run that have no proof of copy, because nothing compared them. */
export function unprovenClaims(scope: MigrationScope): ClaimMapping[] {
  const isIndirect = Boolean(scope.run.plan.spec.indirectVolumeMigration);
  const copied = isIndirect ? stagedClaims(scope) : directClaims(scope);
  if (!scope.pass.object.spec.quiescePods) return copied;
  const proven = isIndirect ? comparableClaims(scope) : copied;
  return copied.filter((claim) => !proven.includes(claim));
}

function directClaims({ claims, settings }: MigrationScope): ClaimMapping[] {
  const isExcluded = settings.excludedResources.includes("persistentvolumes");
  return isExcluded ? [] : claims.filter(isCopiedDirectly);
}

/** A raw device has no files that rsync could compare. */
function comparableClaims(scope: MigrationScope): ClaimMapping[] {
  return stagedClaims(scope).filter(({ volume }) => volume.pvc?.volumeMode !== "Block");
}

/** Done when the copy of the volumes is under way. */
export function createVolumeMigration(
  name: "CreateDirectVolumeMigrationStage" | "CreateDirectVolumeMigrationFinal",
): MigrationStep {
  return {
    name,
    when: hasDirectVolumes,
    isDone: ({ isPast }) => isPast("WaitForDirectVolumeMigrationToComplete"),
    async run(scope) {
      const { pass, deps, run } = scope;
      if (await findVolumeMigration(scope)) return done;
      const wanted = directVolumeMigration(run, {
        namespace: deps.namespace,
        migrationType: pass.object.spec.quiescePods ? "CutOver" : "Stage",
        claims: directClaims(scope),
        compareOnly: false,
      });
      await createOnce(deps.host, DirectVolumeMigration, wanted);
      return done;
    },
  };
}

/** Done when every volume is copied and, if applications were stopped for it, proven equal. */
export const awaitVolumeMigration: MigrationStep = {
  name: "WaitForDirectVolumeMigrationToComplete",
  when: (scope) => hasDirectVolumes(scope) || comparesStagedVolumes(scope),
  isDone: ({ isPast }) => isPast("WaitForDirectVolumeMigrationToComplete"),
  async run(scope) {
    const found = await findVolumeMigration(scope);
    if (!found && comparesStagedVolumes(scope)) await createComparison(scope);
    const outcome = found && endOf(scope, found);
    if (outcome) return outcome;
    return waiting({ reason: "CopyingVolumes", message: waitMessage(scope, found) });
  },
};

/** Its own words are the part that moves: a copy that waits for the network says so there. */
function waitMessage(scope: MigrationScope, found: DirectVolumeMigration | undefined): string {
  const { run, source, target } = scope;
  const name = migrationObjectName(run, "volumes");
  const work = hasDirectVolumes(scope) ? "copy" : "compare";
  const running = found?.status?.conditions?.find(({ type }) => type === "Running");
  return running?.message === undefined
    ? `Waiting for DirectVolumeMigration ${name} to ${work} volumes from cluster ${source.ref.name} to ${target.ref.name}.`
    : `DirectVolumeMigration ${name}: ${withoutStepCount(running.message)}`;
}

/** The same run as that of a direct copy, so that people find the verdicts in the same places. */
async function createComparison(scope: MigrationScope): Promise<void> {
  const { deps, run } = scope;
  const wanted = directVolumeMigration(run, {
    namespace: deps.namespace,
    migrationType: "CutOver",
    claims: comparableClaims(scope),
    compareOnly: true,
  });
  await createOnce(deps.host, DirectVolumeMigration, wanted);
}

/** How the copy ended; undefined while it has not. */
function endOf(scope: MigrationScope, found: DirectVolumeMigration): Outcome | undefined {
  scope.showProgress(volumeLines(found));
  const { conditions, phase } = found.status ?? {};
  const isThere = found.metadata.deletionTimestamp === undefined;
  if (isThere && hasCondition(conditions, "Failed")) return refuse(scope, found);
  if (isThere && phase === "Completed") return accept(scope, found);
  showWarnings(scope, found);
  return undefined;
}

export async function findVolumeMigration({
  pass,
  deps,
  run,
}: MigrationScope): Promise<DirectVolumeMigration | undefined> {
  const found = await pass.wakeOn({
    cluster: deps.host,
    kind: DirectVolumeMigration,
    namespace: deps.namespace,
    matches: ({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === run.uid) ?? false,
  });
  return found.find({ name: migrationObjectName(run, "volumes"), namespace: deps.namespace });
}

function accept({ pass }: MigrationScope, found: DirectVolumeMigration): Outcome {
  const verdict = found.status?.conditions?.find(({ type }) => type === "CopyVerified");
  if (verdict) {
    const { message = "" } = verdict;
    pass.conditions.set({ type: "CopyVerified", category: "Advisory", durable: true, message });
  }
  return done;
}

/** Data that did not arrive stops the run here: no application may start on it. */
function refuse({ pass }: MigrationScope, found: DirectVolumeMigration): Outcome {
  const { errors = [] } = found.status ?? {};
  const message = errors.join(" ") || "Volumes could not be copied.";
  pass.conditions.set({
    type: "DirectVolumeMigrationFailed",
    category: "Warn",
    durable: true,
    message: `DirectVolumeMigration ${found.metadata.name ?? ""}: ${message}`,
  });
  return blocked({ reason: "DirectVolumeMigrationFailed", message });
}

function showWarnings({ pass }: MigrationScope, { status }: DirectVolumeMigration): void {
  const warnings = conditionsOf(status?.conditions, "Warn", "Critical");
  if (warnings.length === 0) return;
  pass.conditions.set({
    type: "DirectVolumeMigrationBlocked",
    category: "Warn",
    reason: "NotReady",
    message: warnings.map(({ message = "" }) => message).join(" "),
  });
}

/** The lines of the copy in the pipeline; their shape is upstream's. */
function volumeLines({ spec, status }: DirectVolumeMigration): string[] {
  const total = spec.persistentVolumeClaims?.length ?? 0;
  const lists = [
    ["Completed", status?.successfulPods],
    ["Running", status?.runningPods],
    ["Failed", status?.failedPods],
    ["Pending", status?.pendingPods],
  ] as const;
  const [successful, running, failed] = lists.map(([, pods]) => pods?.length ?? 0);
  const lines = lists.flatMap(([state, pods]) =>
    (pods ?? []).map((pod) => podLine(pod, state, status)),
  );
  const header = `${total} total volumes; ${successful} successful; ${running} running; ${failed} failed`;
  return [header, ...lines.toSorted()];
}

function podLine(pod: PodProgress, state: string, status: DirectVolumeMigration["status"]): string {
  const claim = pod.pvcRef;
  const operation = status?.rsyncOperations?.find(
    ({ pvcReference }) =>
      pvcReference?.name === claim?.name && pvcReference?.namespace === claim?.namespace,
  );
  const place = [pod.namespace, pod.name].filter(Boolean).join("/");
  return [
    `[${claim?.name ?? ""}] ${place}: ${state}`,
    ...attemptWords(operation),
    ...pace(pod),
  ].join(" ");
}

function attemptWords(operation: RsyncOperation | undefined): string[] {
  const { currentAttempt = 1 } = operation ?? {};
  return currentAttempt > 1 ? [`- Attempt ${currentAttempt}`] : [];
}

function pace(pod: PodProgress): string[] {
  const { lastObservedProgressPercent, lastObservedTransferRate, totalElapsedTime } = pod;
  return [
    lastObservedProgressPercent ?? "",
    lastObservedTransferRate ? `(Transfer rate ${lastObservedTransferRate})` : "",
    totalElapsedTime ? `(${totalElapsedTime})` : "",
  ].filter((part) => part !== "");
}
