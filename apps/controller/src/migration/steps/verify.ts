import { DaemonSet, Deployment, DeploymentConfig, Pod, StatefulSet } from "@drover/crds";
import type { KubeObject, ResourceKind, UnhealthyNamespace } from "@drover/crds";
import { KubeError } from "@drover/kube";
import { done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import { targetNamespaces } from "../migration-scope.ts";
import type { MigrationScope, MigrationStep } from "../migration-scope.ts";

type Workload = KubeObject & {
  spec?: { replicas?: number | undefined } | undefined;
  status?:
    | {
        readyReplicas?: number | undefined;
        desiredNumberScheduled?: number | undefined;
        numberReady?: number | undefined;
      }
    | undefined;
};

const KINDS = [Deployment, StatefulSet, DaemonSet, DeploymentConfig] as readonly unknown[];

/** Waiting reasons that do not pass by themselves. */
const BROKEN: readonly string[] = [
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CreateContainerConfigError",
];

/** A pod that has only just come may still find its image, its Secrets and its peers. */
const YOUNG_MS = 60_000;

/** Done when every workload on the target has all its pods ready, or some are broken and named. */
export const verifyHealth: MigrationStep = {
  name: "Verification",
  when: ({ pass }) => Boolean(pass.object.spec.verify),
  isDone: ({ isPast }) => isPast("Verification"),
  async run(scope) {
    const { unhealthy, youngestMs } = await findUnhealthy(scope);
    if (unhealthy.length > 0) return report(scope, unhealthy);
    const late = await findLate(scope);
    if (late.length === 0) return done;
    scope.showProgress(late.map((name) => `${name}: not ready`));
    return waiting({
      reason: "WorkloadsStarting",
      message: `Waiting for the migrated workloads to become ready on cluster ${scope.target.ref.name}.`,
      ...(youngestMs === undefined ? {} : { afterMs: YOUNG_MS - youngestMs }),
    });
  },
};

function report({ pass, target }: MigrationScope, unhealthy: UnhealthyNamespace[]): Outcome {
  pass.status.namespaces = unhealthy;
  pass.conditions.set({
    type: "UnhealthyNamespaces",
    category: "Warn",
    reason: "ErrorsDetected",
    durable: true,
    message: `Pods in namespaces [] on cluster ${target.ref.name} are not healthy. Look at them with oc get pods.`,
    items: unhealthy.map(({ name }) => name),
  });
  return done;
}

type Findings = {
  readonly unhealthy: UnhealthyNamespace[];
  /** The age of the youngest broken pod that may still recover. */
  readonly youngestMs: number | undefined;
};

async function findUnhealthy(scope: MigrationScope): Promise<Findings> {
  const { pass, target } = scope;
  const unhealthy: UnhealthyNamespace[] = [];
  const young: number[] = [];
  for (const namespace of targetNamespaces(scope)) {
    const pods = await pass.wakeOn({ cluster: target.cluster, kind: Pod, namespace });
    const broken = pods.list().filter(isBroken);
    const ages = broken.map((pod) => ageMs(pod, pass.now()));
    young.push(...ages.filter((age) => age < YOUNG_MS));
    const lasting = broken.filter((_pod, index) => (ages[index] ?? 0) >= YOUNG_MS);
    if (lasting.length > 0) unhealthy.push(unhealthyNamespace(namespace, lasting));
  }
  return { unhealthy, youngestMs: young.length === 0 ? undefined : Math.min(...young) };
}

function unhealthyNamespace(name: string, pods: readonly Pod[]): UnhealthyNamespace {
  const workloads = pods.map(({ metadata }) => {
    const owner = metadata.ownerReferences?.[0];
    const pod = `Pod/${metadata.name ?? ""}`;
    return { name: owner ? `${owner.kind}/${owner.name}` : pod, resources: [pod] };
  });
  return { name, workloads };
}

function ageMs({ metadata }: Pod, now: Date): number {
  return now.getTime() - Date.parse(metadata.creationTimestamp ?? now.toISOString());
}

function isBroken({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  const containers = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
  ];
  return (
    status?.phase === "Failed" ||
    containers.some(({ state }) => BROKEN.includes(state?.waiting?.reason ?? ""))
  );
}

async function findLate(scope: MigrationScope): Promise<string[]> {
  const late: string[] = [];
  for (const kind of KINDS as readonly ResourceKind<Workload>[]) {
    for (const namespace of targetNamespaces(scope)) {
      const workloads = await listIfServed(scope, kind, namespace);
      late.push(
        ...workloads
          .filter((workload) => !isUp(workload))
          .map(({ metadata }) => `${kind.kind} ${namespace}/${metadata.name ?? ""}`),
      );
    }
  }
  return late;
}

/** The pods' watch wakes us, so the workloads are read as they are now. */
async function listIfServed(
  { pass, target }: MigrationScope,
  kind: ResourceKind<Workload>,
  namespace: string,
): Promise<readonly Workload[]> {
  try {
    await target.cluster.listPage(kind, { namespace, limit: 1 });
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return [];
    throw error;
  }
  return (await pass.wakeOn({ cluster: target.cluster, kind, namespace })).list();
}

function isUp({ spec, status }: Workload): boolean {
  if (status?.desiredNumberScheduled !== undefined) {
    return (status.numberReady ?? 0) >= status.desiredNumberScheduled;
  }
  return (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 0);
}
