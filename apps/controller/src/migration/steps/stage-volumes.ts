import {
  Annotation,
  Label,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Restore,
} from "@drover/crds";
import type { ClaimMapping, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { STAGE_PODS, stagePod } from "../../manifests/stage-pod.ts";
import { migrationObjectName } from "../../manifests/migration-run.ts";
import { stageRestore } from "../../manifests/velero-objects.ts";
import { blocked, done, waiting } from "../../runtime/outcome.ts";
import { readClusterSettings } from "../../settings/cluster-settings.ts";
import { createOnce } from "../create-once.ts";
import { sourceNamespaces, targetNamespaces } from "../migration-scope.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";

/** Volumes whose files travel through the repository. */
export function stagedClaims({ run, claims }: MigrationScope): ClaimMapping[] {
  if (!run.plan.spec.indirectVolumeMigration) return [];
  return claims.filter(({ volume }) => volume.selection.action === "copy");
}

/** Volumes that the target takes over as they are; the source gives them up only at the cutover. */
function movedClaims({ pass, claims }: MigrationScope): ClaimMapping[] {
  if (pass.object.spec.stage) return [];
  return claims.filter(({ volume }) => volume.selection.action === "move");
}

export function hasStagedVolumes(scope: MigrationScope): boolean {
  return stagedClaims(scope).length > 0;
}

export function hasStageBackup(scope: MigrationScope): boolean {
  return hasStagedVolumes(scope) || movedClaims(scope).length > 0;
}

/** Done when a pod of ours mounts each volume that Velero has to read. */
export const createStagePods: MigrationStep = {
  name: "EnsureStagePodsFromOrphanedPVCs",
  when: hasStagedVolumes,
  isDone: ({ isPast }) => isPast("EnsureStagePodsFromOrphanedPVCs"),
  async run(scope) {
    const { pass, deps, run, source } = scope;
    const { stageImage } = await readClusterSettings(source.cluster, deps.namespace);
    const staged = stagedClaims(scope);
    for (const mapping of staged) {
      const nodeName = await nodeOfClaim(scope, mapping);
      await createOnce(
        source.cluster,
        Pod,
        stagePod(run, mapping, { image: stageImage, nodeName }),
      );
    }
    pass.conditions.set({
      type: "StagePodsCreated",
      category: "Advisory",
      durable: true,
      message: `[] stage pods were created on cluster ${source.ref.name}.`,
      items: [`${staged.length}`],
    });
    return done;
  },
};

async function nodeOfClaim(
  { source }: MigrationScope,
  { namespace, claim }: ClaimMapping,
): Promise<string | undefined> {
  const pods = await source.cluster.list(Pod, { namespace: namespace.source });
  const user = pods.find(
    ({ spec, status }) =>
      status?.phase === "Running" &&
      spec.volumes?.some((one) => one.persistentVolumeClaim?.claimName === claim.source),
  );
  return user?.spec.nodeName;
}

/** Done when every stage pod runs. */
export const awaitStagePods: MigrationStep = {
  name: "StagePodsCreated",
  when: hasStagedVolumes,
  isDone: ({ isPast }) => isPast("StagePodsCreated"),
  async run(scope) {
    const { pass, source } = scope;
    const lines: string[] = [];
    for (const namespace of sourceNamespaces(scope)) {
      const pods = await pass.wakeOn({
        cluster: source.cluster,
        kind: Pod,
        namespace,
        labelSelector: STAGE_PODS,
      });
      const failed = pods.list().find(({ status }) => status?.phase === "Failed");
      if (failed) return stagePodFailed(scope, failed);
      lines.push(...pods.list().map(stagePodLine));
    }
    const running = lines.filter((line) => line.endsWith(": Running"));
    if (running.length >= stagedClaims(scope).length) return done;
    scope.showProgress(lines);
    return waiting({
      reason: "StagePodsStarting",
      message: `Waiting for stage pods to run on cluster ${source.ref.name}.`,
    });
  },
};

function stagePodFailed({ source }: MigrationScope, { metadata, status }: Pod) {
  return blocked({
    reason: "SourceStagePodsFailed",
    message: `Stage pod ${metadata.namespace ?? ""}/${metadata.name ?? ""} failed on cluster ${source.ref.name}. ${status?.message ?? ""}`,
  });
}

function stagePodLine(pod: Pod): string {
  const { namespace = "", name = "" } = pod.metadata;
  return `Pod ${namespace}/${name}: ${stagePodState(pod)}`;
}

function stagePodState({ status }: Pod): string {
  if (status?.phase === "Running") return "Running";
  const held = status?.containerStatuses?.find(({ state }) => state?.waiting);
  return held ? `Container ${held.name} ${held.state?.waiting?.reason ?? "Pending"}` : "Pending";
}

/** Done when everything the stage backup has to pick up is marked for it. */
export const markForStage: MigrationStep = {
  name: "AnnotateResources",
  when: hasStageBackup,
  isDone: ({ isPast }) => isPast("AnnotateResources"),
  async run(scope) {
    const { source, run } = scope;
    const labels = { [Label.includedInStageBackup]: run.uid };
    for (const name of sourceNamespaces(scope)) {
      await mark(source.cluster, { kind: Namespace, name }, { labels });
    }
    for (const mapping of [...stagedClaims(scope), ...movedClaims(scope)]) {
      const annotations = volumeAnnotations(mapping);
      const claim = { name: mapping.claim.source, namespace: mapping.namespace.source };
      const found = await source.cluster.get(PersistentVolumeClaim, claim);
      await mark(
        source.cluster,
        { kind: PersistentVolumeClaim, ...claim },
        { labels, annotations },
      );
      const volume = { kind: PersistentVolume, name: found.spec.volumeName ?? "" };
      await mark(source.cluster, volume, { labels, annotations });
    }
    return done;
  },
};

function volumeAnnotations({ volume }: ClaimMapping): Record<string, string> {
  const { action, copyMethod, storageClass, accessMode } = volume.selection;
  return {
    [Annotation.migrateType]: action ?? "copy",
    ...(storageClass ? { [Annotation.targetStorageClass]: storageClass } : {}),
    ...(accessMode ? { [Annotation.targetAccessMode]: accessMode } : {}),
    ...(action === "copy" && copyMethod ? { [Annotation.copyMethod]: copyMethod } : {}),
  };
}

/** Done when no mark of the stage backup is left on the source. */
export const removeMarks: MigrationStep = {
  name: "EnsureAnnotationsDeleted",
  when: ({ pass }) => !pass.object.spec.keepAnnotations,
  isDone: ({ isPast }) => isPast("EnsureAnnotationsDeleted"),
  async run(scope) {
    const { cluster } = scope.source;
    const namespaces = new Set(sourceNamespaces(scope));
    for (const marked of await findMarked(cluster)) {
      if (namespaces.has(marked.home)) await mark(cluster, marked, UNMARKED);
    }
    return done;
  },
};

type Place = { readonly kind: ResourceKind; readonly name: string; readonly namespace?: string };

/** Marked objects of the whole cluster, each with the namespace it belongs to. */
async function findMarked(cluster: Cluster): Promise<(Place & { readonly home: string })[]> {
  const query = { labelSelector: Label.includedInStageBackup };
  const namespaces = await cluster.list(Namespace, query);
  const claims = await cluster.list(PersistentVolumeClaim, query);
  const volumes = await cluster.list(PersistentVolume, query);
  return [
    ...namespaces.map(({ metadata: { name = "" } }) => ({ kind: Namespace, name, home: name })),
    ...claims.map(({ metadata: { name = "", namespace = "" } }) => ({
      kind: PersistentVolumeClaim,
      name,
      namespace,
      home: namespace,
    })),
    ...volumes.map(({ metadata: { name = "" }, spec }) => ({
      kind: PersistentVolume,
      name,
      home: spec.claimRef?.namespace ?? "",
    })),
  ];
}

const UNMARKED = {
  labels: { [Label.includedInStageBackup]: null },
  annotations: {
    [Annotation.migrateType]: null,
    [Annotation.targetStorageClass]: null,
    [Annotation.targetAccessMode]: null,
    [Annotation.copyMethod]: null,
  },
};

async function mark(
  cluster: Cluster,
  { kind, name, namespace }: Place,
  metadata: object,
): Promise<void> {
  const ref = namespace === undefined ? { name } : { name, namespace };
  await cluster.patch(kind, ref, { type: "merge", body: { metadata } });
}

/** Done when the target fills its claims from the repository. */
export const createStageRestore: MigrationStep = {
  name: "EnsureStageRestore",
  when: hasStageBackup,
  isDone: ({ isPast }) => isPast("EnsureStageRestore"),
  async run(scope) {
    const { deps, run, target } = scope;
    const ref = { name: migrationObjectName(run, "stage"), namespace: deps.namespace };
    if (await target.cluster.find(Restore, ref)) return done;
    const isClear = await clearEarlierClaims(scope);
    if (!isClear) {
      return waiting({
        reason: "ClaimsTerminating",
        message: `Waiting for claims of an earlier run to be gone from cluster ${target.ref.name}.`,
      });
    }
    const { stageImage } = await readClusterSettings(target.cluster, deps.namespace);
    const restore = stageRestore(run, { namespace: deps.namespace, stageImage });
    await createOnce(target.cluster, Restore, restore);
    return done;
  },
};

/**
 * Velero writes files and removes none: into a claim that an earlier run has filled, it would leave what the source has
 * deleted since. So each run fills new claims.
 */
async function clearEarlierClaims(scope: MigrationScope): Promise<boolean> {
  const { pass, run, target } = scope;
  const wanted = new Set(
    stagedClaims(scope).map(
      ({ namespace, claim }) => `${namespace.destination}/${claim.destination}`,
    ),
  );
  let left = 0;
  for (const namespace of targetNamespaces(scope)) {
    const claims = await pass.wakeOn({
      cluster: target.cluster,
      kind: PersistentVolumeClaim,
      namespace,
    });
    for (const { metadata } of claims.list()) {
      const { name = "", labels } = metadata;
      const isEarlier = labels?.[Label.migratedByPlan] === run.plan.metadata.uid;
      if (!isEarlier || !wanted.has(`${namespace}/${name}`)) continue;
      left += 1;
      await target.cluster.delete(PersistentVolumeClaim, { name, namespace });
    }
  }
  return left === 0;
}
