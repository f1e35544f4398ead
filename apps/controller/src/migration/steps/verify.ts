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

/** Done when every workload on the target has all its pods ready, or some are broken and named. */
export const verifyHealth: MigrationStep = {
  name: "Verification",
  when: ({ pass }) => Boolean(pass.object.spec.verify),
  isDone: ({ isPast }) => isPast("Verification"),
  async run(scope) {
    const unhealthy = await findUnhealthy(scope);
    if (unhealthy.length > 0) return report(scope, unhealthy);
    const late = await findLate(scope);
    if (late.length === 0) return done;
    scope.showProgress(late.map((name) => `${name}: not ready`));
    return waiting({
      reason: "WorkloadsStarting",
      message: `Waiting for the migrated workloads to become ready on cluster ${scope.target.ref.name}.`,
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

async function findUnhealthy(scope: MigrationScope): Promise<UnhealthyNamespace[]> {
  const { pass, target } = scope;
  const unhealthy: UnhealthyNamespace[] = [];
  for (const namespace of targetNamespaces(scope)) {
    const pods = await pass.wakeOn({ cluster: target.cluster, kind: Pod, namespace });
    const broken = pods.list().filter(isBroken);
    if (broken.length === 0) continue;
    const workloads = broken.map((pod) => ({
      name: `${pod.metadata.ownerReferences?.[0]?.kind ?? "Pod"}/${pod.metadata.ownerReferences?.[0]?.name ?? pod.metadata.name ?? ""}`,
      resources: [`Pod/${pod.metadata.name ?? ""}`],
    }));
    unhealthy.push({ name: namespace, workloads });
  }
  return unhealthy;
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
