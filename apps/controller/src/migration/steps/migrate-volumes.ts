import { DirectVolumeMigration, conditionsOf, hasCondition } from "@drover/crds";
import type { PodProgress, RsyncOperation } from "@drover/crds";
import {
  directVolumeMigration,
  isCopiedDirectly,
} from "../../manifests/direct-volume-migration.ts";
import { migrationObjectName } from "../../manifests/migration-run.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { createOnce } from "../create-once.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";

/** True when rsync copies at least one volume of the plan. */
export function hasDirectVolumes({ run, claims, settings }: MigrationScope): boolean {
  return (
    !run.plan.spec.indirectVolumeMigration &&
    !settings.excludedResources.includes("persistentvolumes") &&
    claims.some(isCopiedDirectly)
  );
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
      const { pass, deps, run, claims } = scope;
      if (await findVolumeMigration(scope)) return done;
      const wanted = directVolumeMigration(run, {
        namespace: deps.namespace,
        migrationType: pass.object.spec.quiescePods ? "CutOver" : "Stage",
        claims: claims.filter(isCopiedDirectly),
      });
      await createOnce(deps.host, DirectVolumeMigration, wanted);
      return done;
    },
  };
}

/** Done when every volume is copied and, if applications were stopped for it, proven equal. */
export const awaitVolumeMigration: MigrationStep = {
  name: "WaitForDirectVolumeMigrationToComplete",
  when: hasDirectVolumes,
  isDone: ({ isPast }) => isPast("WaitForDirectVolumeMigrationToComplete"),
  async run(scope) {
    const found = await findVolumeMigration(scope);
    const outcome = found && endOf(scope, found);
    if (outcome) return outcome;
    const name = migrationObjectName(scope.run, "volumes");
    return waiting({
      reason: "CopyingVolumes",
      message: `Waiting for DirectVolumeMigration ${name} to copy volumes from cluster ${scope.source.ref.name} to ${scope.target.ref.name}.`,
    });
  },
};

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
