import { Pod } from "@drover/crds";
import { SERVER_LABEL, transferServerPod } from "../../manifests/transfer-pods.ts";
import { transferSelector } from "../../manifests/transfer-run.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { createOrFind } from "../create-or-find.ts";
import { isReady, pendingReason } from "../pod-claims.ts";
import { targetSide, transferIdentity, wantsRoot } from "../transfer-identity.ts";
import { copiesByTarget } from "../volume-scope.ts";
import type { VolumeScope } from "../volume-scope.ts";

/** How long a server may take to start before a condition points at it. */
const PATIENCE_MS = 3 * 60_000;

/** Done when each target namespace has a server pod. Kept true while volumes are copied. */
export const createServers: Step<VolumeScope> = {
  name: "CreateRsyncTransferPods",
  async run(scope) {
    const servers = await watchServers(scope);
    const identity = await transferIdentity(scope, servers);
    if (identity.kind === "user" && wantsRoot(scope.requestedIdentity)) warnNonRoot(scope);
    for (const [namespace, group] of copiesByTarget(scope.copies)) {
      if (servers.some((pod) => pod.metadata.namespace === namespace)) continue;
      const pod = transferServerPod(scope.run, group, targetSide(scope, identity));
      await createOrFind(scope.target.cluster, Pod, pod);
    }
    return done;
  },
};

/** Done when every server is ready to receive. */
export const awaitServers: Step<VolumeScope> = {
  name: "WaitForRsyncTransferPodsRunning",
  async run(scope) {
    const servers = await watchServers(scope);
    const expected = copiesByTarget(scope.copies).size;
    const late = servers.filter((pod) => !isReady(pod));
    if (servers.length === expected && late.length === 0) return done;
    return waitForServers(scope, late);
  },
};

export async function watchServers({ pass, target, run }: VolumeScope): Promise<Pod[]> {
  const pods = await pass.wakeOn({
    cluster: target.cluster,
    kind: Pod,
    labelSelector: transferSelector(run),
  });
  return pods.list().filter(({ metadata }) => metadata.labels?.[SERVER_LABEL] !== undefined);
}

function waitForServers({ pass, target }: VolumeScope, late: readonly Pod[]): Outcome {
  const names = late.map(
    (pod) => `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""} (${pendingReason(pod)})`,
  );
  const oldest = Math.min(
    ...late.map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? "")),
  );
  const waitedMs = pass.now().getTime() - oldest;
  const isLate = late.length > 0 && waitedMs >= PATIENCE_MS;
  if (isLate) {
    pass.conditions.set({
      type: "RsyncTransferPodsPending",
      category: "Warn",
      reason: "NotReady",
      message: `Transfer pods [] on cluster ${target.ref.name} have not become ready. Look at them with oc describe pod.`,
      items: names,
    });
  }
  return waiting({
    reason: "ServersStarting",
    message: `Waiting for transfer pods to become ready on cluster ${target.ref.name}: ${names.join(", ") || "just created"}.`,
    // The condition above is about time, which no watch reports.
    ...(late.length > 0 && !isLate ? { afterMs: PATIENCE_MS - waitedMs } : {}),
  });
}

function warnNonRoot({ pass }: VolumeScope): void {
  pass.conditions.set({
    type: "RsyncServerPodsRunningAsNonRoot",
    category: "Warn",
    reason: "RsyncOperationsAreRunningAsNonRoot",
    message:
      "A namespace does not admit transfer pods that run as root, so owners of files cannot be kept. Label the namespaces pod-security.kubernetes.io/enforce=privileged to keep them.",
  });
}
