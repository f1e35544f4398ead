import {
  CronJob,
  CronJobBefore121,
  DaemonSet,
  Deployment,
  DeploymentConfig,
  Job,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from "@drover/crds";
import type { KubeObject, ResourceKind } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import { claimsOfPods, claimsOfTemplates } from "./claim-owners.ts";
import type { ClaimUse } from "./claim-owners.ts";

/** What a plan needs to know of one source namespace. */
export type NamespaceFacts = {
  readonly namespace: string;
  readonly claims: readonly PersistentVolumeClaim[];
  readonly pods: readonly PodFacts[];
  readonly uses: readonly ClaimUse[];
};

/** The little that is kept of a pod, as there can be very many. */
export type PodFacts = {
  readonly name: string;
  readonly isRunning: boolean;
  readonly isHealthy: boolean;
  readonly nodeSelectors: readonly string[];
};

/** Reads one namespace, page by page. */
export async function readNamespaceFacts(
  cluster: Cluster,
  namespace: string,
): Promise<NamespaceFacts> {
  const pods: PodFacts[] = [];
  const uses: ClaimUse[] = [];
  for await (const page of cluster.pages(Pod, { namespace })) {
    pods.push(...page.items.map(podFacts));
    uses.push(...claimsOfPods(page.items));
  }
  const [claims, ofTemplates] = await Promise.all([
    cluster.list(PersistentVolumeClaim, { namespace }),
    readTemplates(cluster, namespace),
  ]);
  return { namespace, claims, pods, uses: [...uses, ...ofTemplates] };
}

async function readTemplates(cluster: Cluster, namespace: string): Promise<ClaimUse[]> {
  const all = async <T extends KubeObject>(kind: ResourceKind<T>) =>
    (await listIfServed(cluster, kind, namespace)) ?? [];
  const [deployments, configs, sets, daemons] = await Promise.all([
    all(Deployment),
    all(DeploymentConfig),
    all(StatefulSet),
    all(DaemonSet),
  ]);
  const [replicaSets, controllers, jobs, cronJobs] = await Promise.all([
    all(ReplicaSet),
    all(ReplicationController),
    all(Job),
    listIfServed(cluster, CronJob, namespace),
  ]);
  const workloads = [...deployments, ...configs, ...sets, ...daemons];
  const owned = [
    ...replicaSets,
    ...controllers,
    ...jobs,
    ...(cronJobs ?? (await all(CronJobBefore121))),
  ];
  return claimsOfTemplates([...workloads, ...owned]);
}

/** Undefined when the cluster does not know the kind. */
async function listIfServed<T extends KubeObject>(
  cluster: Cluster,
  kind: ResourceKind<T>,
  namespace: string,
): Promise<T[] | undefined> {
  try {
    return await cluster.list(kind, { namespace });
  } catch (error) {
    if (error instanceof KubeError && error.isNotFound) return undefined;
    throw error;
  }
}

function podFacts(pod: Pod): PodFacts {
  return {
    name: pod.metadata.name ?? "",
    isRunning: pod.status?.phase === "Running",
    isHealthy: isHealthyPod(pod),
    nodeSelectors: Object.keys(pod.spec.nodeSelector ?? {}),
  };
}

const STUCK = ["ImagePullBackOff", "CrashLoopBackOff"];

/** False for a pod that failed, cannot start its containers, or finds no node. */
function isHealthyPod({ status }: Pod): boolean {
  if (status?.phase === "Failed") return false;
  return !isStuck(status) && !isUnschedulable(status);
}

function isStuck(status: Pod["status"]): boolean {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {};
  return [...initContainerStatuses, ...containerStatuses].some(
    ({ ready, state }) => !ready && STUCK.includes(state?.waiting?.reason ?? ""),
  );
}

function isUnschedulable(status: Pod["status"]): boolean {
  const { phase, conditions = [] } = status ?? {};
  return phase !== "Running" && conditions.some(({ reason }) => reason === "Unschedulable");
}
