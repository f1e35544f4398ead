import type { KubeObject } from "@drover/crds";
import { labKind } from "../node/kinds/lab-kind.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { reasonOf } from "../node/runtime/cluster-view.ts";
import { runController } from "../node/runtime/controller.ts";
import type { Running } from "../node/runtime/controller.ts";
import { keyQueue } from "../node/runtime/key-queue.ts";
import { accountTokenController } from "./account-token-controller.ts";
import { GarbageCollector } from "./garbage-collector.ts";
import { namespaceController } from "./namespace-controller.ts";
import { OwnershipMonitors } from "./ownership-monitors.ts";
import { startQuotaController } from "./quota-controller.ts";
import { roleAggregationController } from "./role-aggregation-controller.ts";
import {
  defaultAccountController,
  rootCaController,
  tokenSecretController,
} from "./service-account-controllers.ts";
import type { TokenSigner } from "./service-account-controllers.ts";

const Definition = labKind<KubeObject>("apiextensions.k8s.io", "CustomResourceDefinition", {
  namespaced: false,
});

export type ClusterControllersOptions = {
  readonly view: ClusterView;
  readonly caPem: string;
  /** Signs the lasting tokens of service accounts: `ApiServer.signAccountToken`. */
  readonly signToken: TokenSigner;
  /** Every account gets a token Secret, as before Kubernetes 1.24; false when absent. */
  readonly hasTokenSecrets?: boolean;
};

/** Starts what Kubernetes itself runs beside its API server: namespaces, accounts, aggregation, quotas, garbage collection. */
export async function startClusterControllers(
  options: ClusterControllersOptions,
): Promise<Running> {
  const { view, caPem, signToken } = options;
  const running = [
    namespaceController(view),
    defaultAccountController(view),
    rootCaController(view, caPem),
    tokenSecretController(view, { caPem, signToken }),
    roleAggregationController(view),
    ...(options.hasTokenSecrets === true ? [accountTokenController(view)] : []),
  ].map((controller) => runController(view, controller));
  running.push(startQuotaController(view), await startGarbageCollection(view));
  return {
    async close() {
      for (const controller of running) await controller.close();
    },
  };
}

async function startGarbageCollection(view: ClusterView): Promise<Running> {
  const log = view.log.child({ controller: "garbage-collector" });
  const collector: GarbageCollector = new GarbageCollector(view.cluster, () => monitors.resources);
  const queue = keyQueue({
    work: (uid) => collector.reconcile(uid),
    onFailure: (uid, error) =>
      log.debug({ uid, reason: reasonOf(error) }, "pass failed; trying again"),
  });
  const monitors: OwnershipMonitors = new OwnershipMonitors(view.cluster, collector.graph, (uid) =>
    queue.add(uid),
  );
  await monitors.sync();
  const stop = view.watch(Definition).onChange(() => {
    monitors.sync().catch((error: unknown) => {
      log.warn({ reason: reasonOf(error) }, "the kinds of this cluster could not be read");
    });
  });
  return {
    async close() {
      stop();
      monitors.close();
      await queue.close();
    },
  };
}
