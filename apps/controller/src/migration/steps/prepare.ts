import { Backup, Label, MigPlan, Pod, Restore, kubeTime } from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import type { Cluster } from "@drover/kube";
import { planSelector } from "../../manifests/migration-run.ts";
import { STAGE_PODS } from "../../manifests/stage-pod.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import { isVeleroOver } from "../velero-phase.ts";
import { sourceNamespaces, targetNamespaces } from "../migration-scope.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";

/** Done at once; the time stands in the status from here on. */
export const start: MigrationStep = {
  name: "Started",
  async run({ pass }) {
    pass.status.startTimestamp ??= kubeTime(pass.now());
    return done;
  },
};

/** Done when the plan was asked to discover again: claims may have come since it was made. */
export const startRefresh: MigrationStep = {
  name: "StartRefresh",
  isDone: ({ isPast }) => isPast("StartRefresh"),
  async run({ deps, run }) {
    const { name = "", namespace = "" } = run.plan.metadata;
    const body = { spec: { refresh: true } };
    await deps.host.patch(MigPlan, { name, namespace }, { type: "merge", body });
    return done;
  },
};

/** Done when the plan has discovered again. */
export const awaitRefresh: MigrationStep = {
  name: "WaitForRefresh",
  isDone: ({ isPast }) => isPast("WaitForRefresh"),
  async run({ deps, run }) {
    const { name = "", namespace = "" } = run.plan.metadata;
    const plan = await deps.host.get(MigPlan, { name, namespace });
    if (!plan.spec.refresh) return done;
    return waiting({
      reason: "PlanRefreshing",
      message: `Waiting for plan ${name} to be refreshed on the host cluster.`,
    });
  },
};

/** Done when no backup or restore of an earlier run of the plan is still under way. */
export const cleanStaleVelero: MigrationStep = {
  name: "CleanStaleVeleroCRs",
  isDone: ({ isPast }) => isPast("CleanStaleVeleroCRs"),
  async run(scope) {
    const { pass, source, target } = scope;
    const onSource = await removeStale(scope, source.cluster, Backup);
    const onTarget = await removeStale(scope, target.cluster, Restore);
    const report = (type: string, cluster: string, removed: number) => {
      if (removed === 0) return;
      const message = `${removed} unfinished objects of earlier runs were removed from cluster ${cluster}.`;
      pass.conditions.set({ type, category: "Required", durable: true, message });
    };
    report("StaleSrcVeleroCRsDeleted", source.ref.name, onSource);
    report("StaleDestVeleroCRsDeleted", target.ref.name, onTarget);
    return done;
  },
};

async function removeStale<
  T extends KubeObject & { status?: { phase?: string | undefined } | undefined },
>({ deps, run, pass }: MigrationScope, cluster: Cluster, kind: ResourceKind<T>): Promise<number> {
  const found = await cluster.list(kind, {
    namespace: deps.namespace,
    labelSelector: planSelector(run),
  });
  const stale = found.filter(
    ({ metadata, status }) =>
      metadata.labels?.[Label.migratedByMigration] !== pass.object.metadata.uid &&
      !isVeleroOver(status?.phase),
  );
  for (const { metadata } of stale) {
    await cluster.delete(kind, { name: metadata.name ?? "", namespace: deps.namespace });
  }
  return stale.length;
}

/** Done when stage pods were asked to go, on both clusters. */
export function removeStagePods(
  name: "CleanStaleStagePods" | "EnsureStagePodsDeleted",
): MigrationStep {
  return {
    name,
    isDone: ({ isPast }) => isPast(name),
    async run(scope) {
      for (const { cluster, namespace } of stagePodPlaces(scope)) {
        const pods = await cluster.list(Pod, { namespace, labelSelector: STAGE_PODS });
        for (const { metadata } of pods) {
          await cluster.delete(Pod, { name: metadata.name ?? "", namespace });
        }
      }
      return done;
    },
  };
}

/** Done when no stage pod is left. */
export function awaitStagePodsGone(
  name: "WaitForStaleStagePodsTerminated" | "EnsureStagePodsTerminated",
): MigrationStep {
  return {
    name,
    isDone: ({ isPast }) => isPast(name),
    async run(scope) {
      for (const { cluster, namespace, clusterName } of stagePodPlaces(scope)) {
        const target = { cluster, kind: Pod, namespace, labelSelector: STAGE_PODS };
        const pods = await scope.pass.wakeOn(target);
        if (pods.list().length === 0) continue;
        return waiting({
          reason: "StagePodsTerminating",
          message: `Waiting for stage pods of namespace ${namespace} to end on cluster ${clusterName}.`,
        });
      }
      return done;
    },
  };
}

function stagePodPlaces(scope: MigrationScope) {
  const places = (at: MigrationScope["source"], namespaces: readonly string[]) =>
    namespaces.map((namespace) => ({
      cluster: at.cluster,
      clusterName: at.ref.name,
      namespace,
    }));
  return [
    ...places(scope.source, sourceNamespaces(scope)),
    ...places(scope.target, targetNamespaces(scope)),
  ];
}
