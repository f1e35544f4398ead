import { Pod } from "@drover/crds";
import { transferSelector } from "../../manifests/transfer-run.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import type { Outcome } from "../../runtime/outcome.ts";
import type { Pass } from "../../runtime/reconciler.ts";
import type { Step } from "../../runtime/step.ts";
import { removeTransferObjects } from "../remove-transfer-objects.ts";
import type { ClusterSide, VolumeScope } from "../volume-scope.ts";

/** Done when both clusters were asked to remove what was there for the transfer only. */
export const removeTransfer: Step<VolumeScope> = {
  name: "DeleteRsyncResources",
  async run({ source, target, run }) {
    await removeTransferObjects(source.cluster, run);
    await removeTransferObjects(target.cluster, run);
    return done;
  },
};

/** Done when no transfer pod is left: until then it holds its volume. */
export const awaitTransferGone: Step<VolumeScope> = {
  name: "WaitForRsyncResourcesTerminated",
  run: ({ pass, source, target, run }) => awaitPodsGone(pass, [source, target], run),
};

export async function awaitPodsGone(
  pass: Pick<Pass, "wakeOn">,
  sides: readonly Pick<ClusterSide, "cluster" | "ref">[],
  run: { readonly uid: string },
): Promise<Outcome> {
  for (const { cluster, ref } of sides) {
    const pods = await pass.wakeOn({ cluster, kind: Pod, labelSelector: transferSelector(run) });
    const left = pods
      .list()
      .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    if (left.length === 0) continue;
    return waiting({
      reason: "TransferPodsTerminating",
      message: `Waiting for transfer pods to end on cluster ${ref.name}: ${left.join(", ")}.`,
    });
  }
  return done;
}
