import { Pod } from "@drover/crds";
import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { PodIdentity } from "../manifests/pod-identity.ts";
import { transferServerPod } from "../manifests/transfer-pods.ts";
import type { TransferSide } from "../manifests/transfer-pods.ts";
import { transferNames } from "../manifests/transfer-run.ts";
import { copiesByTarget } from "./volume-scope.ts";
import type { RequestedIdentity, VolumeScope } from "./volume-scope.ts";

/**
 * As whom the pods of a run work. Root unless a user was asked for or a cluster does not admit root: only root can
 * read every file and keep every owner. Pods that already run decide, so that both ends stay alike.
 */
export async function transferIdentity(
  scope: VolumeScope,
  servers: readonly Pod[],
): Promise<PodIdentity> {
  const { runAsUser, runAsGroup } = scope.requestedIdentity;
  const asUser = { kind: "user", user: runAsUser, group: runAsGroup } as const;
  const running = servers[0]?.spec.containers[0]?.securityContext;
  if (running) return running.runAsUser === 0 ? { kind: "root" } : asUser;
  if (!wantsRoot(scope.requestedIdentity)) return asUser;
  return (await admitsRoot(scope)) ? { kind: "root" } : asUser;
}

/** Naming a user or group means not to run as root, unless root is asked for in so many words. */
export function wantsRoot({ runAsRoot, runAsUser, runAsGroup }: RequestedIdentity): boolean {
  return runAsRoot ?? (runAsUser === undefined && runAsGroup === undefined);
}

export function targetSide(scope: VolumeScope, identity: PodIdentity): TransferSide {
  return {
    cluster: scope.target.settings,
    identity,
    resources: scope.settings.transferPod,
    supplementalGroups: scope.settings.targetSupplementalGroups,
  };
}

export function sourceSide(scope: VolumeScope, identity: PodIdentity): TransferSide {
  return {
    cluster: scope.source.settings,
    identity,
    resources: scope.settings.clientPod,
    supplementalGroups: scope.settings.sourceSupplementalGroups,
  };
}

/** Asks each namespace of both clusters by a dry run, instead of guessing what admission there would say. */
async function admitsRoot(scope: VolumeScope): Promise<boolean> {
  const { run, copies, source, target } = scope;
  const root = { kind: "root" } as const;
  for (const group of copiesByTarget(copies).values()) {
    const pod = transferServerPod(run, group, targetSide(scope, root));
    if (!(await isAdmitted(target.cluster, pod))) return false;
  }
  for (const namespace of new Set(copies.map(({ claim }) => claim.namespace))) {
    const group = copies.filter(({ claim }) => claim.namespace === namespace);
    const pod = transferServerPod(run, group, sourceSide(scope, root));
    const name = `${transferNames.server(run)}-probe`;
    const probe = { ...pod, metadata: { ...pod.metadata, namespace, name } };
    if (!(await isAdmitted(source.cluster, probe))) return false;
  }
  return true;
}

async function isAdmitted(cluster: Cluster, pod: Pod): Promise<boolean> {
  try {
    await cluster.create(Pod, pod, { dryRun: true });
    return true;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.isAlreadyExists) return true;
    if (error.isForbidden || error.isInvalid) return false;
    throw error;
  }
}
