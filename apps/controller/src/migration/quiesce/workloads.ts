import {
  Annotation,
  CronJob,
  CronJobBefore121,
  DaemonSet,
  Deployment,
  DeploymentConfig,
  Job,
  ReplicaSet,
  StatefulSet,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";

/** A merge patch. */
export type WorkloadPatch = {
  readonly metadata: { readonly annotations: Readonly<Record<string, string | null>> };
  readonly spec: Readonly<Record<string, unknown>>;
};

/** How a kind of workload is stopped and started again. Undefined means there is nothing to do. */
export type WorkloadRule<T extends KubeObject = KubeObject> = {
  readonly kind: ResourceKind<T>;
  quiesce(object: T): WorkloadPatch | undefined;
  unquiesce(object: T): WorkloadPatch | undefined;
};

const { preQuiesceReplicas, preQuiescePaused, preQuiesceSuspend } = Annotation;
const { preQuiesceNodeSelector, quiesceDaemonSet } = Annotation;

const cronJob: WorkloadRule<CronJob> = {
  kind: CronJob,
  // One that its owner has suspended gets no mark, so nothing will ever resume it.
  quiesce: ({ spec }) =>
    spec.suspend
      ? undefined
      : { metadata: { annotations: { [preQuiesceSuspend]: "true" } }, spec: { suspend: true } },
  unquiesce: (object) =>
    isMarked(object, preQuiesceSuspend)
      ? { metadata: { annotations: { [preQuiesceSuspend]: null } }, spec: { suspend: false } }
      : undefined,
};

type Pausable = KubeObject & {
  spec: { replicas?: number | undefined; paused?: boolean | undefined };
};

const pausable = {
  quiesce: (object: Pausable): WorkloadPatch | undefined => {
    const { replicas = 1, paused = false } = object.spec;
    if (replicas === 0) return undefined;
    return {
      metadata: {
        annotations: {
          ...savedOnce(object, preQuiesceReplicas, `${replicas}`),
          ...savedOnce(object, preQuiescePaused, `${paused}`),
        },
      },
      // A paused controller would not act on its new size.
      spec: { replicas: 0, paused: false },
    };
  },
  unquiesce: (object: Pausable): WorkloadPatch | undefined => {
    const scale = restoredReplicas(object);
    if (scale === undefined && !isMarked(object, preQuiescePaused)) return undefined;
    return {
      metadata: { annotations: { [preQuiesceReplicas]: null, [preQuiescePaused]: null } },
      spec: {
        ...scale,
        ...(annotation(object, preQuiescePaused) === "true" ? { paused: true } : {}),
      },
    };
  },
};

type Scalable = KubeObject & { spec: { replicas?: number | undefined } };

const scalable = {
  quiesce: (object: Scalable): WorkloadPatch | undefined => {
    const { replicas = 1 } = object.spec;
    if (replicas === 0) return undefined;
    return {
      metadata: { annotations: savedOnce(object, preQuiesceReplicas, `${replicas}`) },
      spec: { replicas: 0 },
    };
  },
  unquiesce: (object: Scalable): WorkloadPatch | undefined => {
    const scale = restoredReplicas(object);
    if (scale === undefined) return undefined;
    return { metadata: { annotations: { [preQuiesceReplicas]: null } }, spec: scale };
  },
};

/** Only sets that stand alone: one that a Deployment owns follows it. */
const replicaSet: WorkloadRule<ReplicaSet> = {
  kind: ReplicaSet,
  quiesce: (object) => (isOwned(object) ? undefined : scalable.quiesce(object)),
  unquiesce: (object) => (isOwned(object) ? undefined : scalable.unquiesce(object)),
};

const daemonSet: WorkloadRule<DaemonSet> = {
  kind: DaemonSet,
  quiesce: (object) => {
    const selector = object.spec.template.spec.nodeSelector ?? {};
    if (quiesceDaemonSet in selector) return undefined;
    return {
      metadata: { annotations: { [preQuiesceNodeSelector]: JSON.stringify(selector) } },
      spec: { template: { spec: { nodeSelector: { [quiesceDaemonSet]: "true" } } } },
    };
  },
  unquiesce: (object) => {
    if (!isMarked(object, preQuiesceNodeSelector)) return undefined;
    return {
      metadata: { annotations: { [preQuiesceNodeSelector]: null } },
      // The mark was merged into the selector, so taking it out leaves the selector as it was.
      spec: { template: { spec: { nodeSelector: { [quiesceDaemonSet]: null } } } },
    };
  },
};

const job: WorkloadRule<Job> = {
  kind: Job,
  quiesce: (object) => {
    const { parallelism = 1 } = object.spec;
    if (parallelism === 0 || isFinished(object)) return undefined;
    return {
      metadata: { annotations: savedOnce(object, preQuiesceReplicas, `${parallelism}`) },
      spec: { parallelism: 0 },
    };
  },
  unquiesce: (object) => {
    const saved = annotation(object, preQuiesceReplicas);
    if (saved === undefined) return undefined;
    const isStill = (object.spec.parallelism ?? 1) === 0;
    return {
      metadata: { annotations: { [preQuiesceReplicas]: null } },
      spec: isStill ? { parallelism: Number(saved) } : {},
    };
  },
};

/** In upstream's order: what starts pods of its own accord is stopped first. */
export const workloadRules: readonly WorkloadRule[] = [
  cronJob,
  // Where a server shows the same objects under both, the second look finds nothing left to do.
  { ...cronJob, kind: CronJobBefore121 },
  { kind: DeploymentConfig, ...pausable },
  { kind: Deployment, ...pausable },
  { kind: StatefulSet, ...scalable },
  replicaSet,
  daemonSet,
  job,
].map(asRule);

/** Objects of a kind are only ever given to the rule of that kind. */
function asRule(rule: unknown): WorkloadRule {
  return rule as WorkloadRule;
}

function restoredReplicas(object: Scalable): { replicas?: number } | undefined {
  const saved = annotation(object, preQuiesceReplicas);
  if (saved === undefined) return undefined;
  // Scaled by someone else since: their size stands.
  return (object.spec.replicas ?? 1) === 0 ? { replicas: Number(saved) } : {};
}

/** What was saved first is the truth: a second stop finds what something else scaled up meanwhile. */
function savedOnce(object: KubeObject, key: string, value: string): Record<string, string> {
  return { [key]: annotation(object, key) ?? value };
}

function annotation(object: KubeObject, key: string): string | undefined {
  return object.metadata.annotations?.[key];
}

function isMarked(object: KubeObject, key: string): boolean {
  return annotation(object, key) !== undefined;
}

function isOwned(object: KubeObject): boolean {
  return (object.metadata.ownerReferences?.length ?? 0) > 0;
}

function isFinished({ status }: Job): boolean {
  return Boolean(
    status?.conditions?.some(
      ({ type, status: value }) => (type === "Complete" || type === "Failed") && value === "True",
    ),
  );
}
