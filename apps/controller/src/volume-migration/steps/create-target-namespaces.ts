import { Namespace } from "@drover/crds";
import { targetNamespace } from "../../manifests/target-claim.ts";
import { done, waiting } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { createOrFind } from "../create-or-find.ts";
import { copiesByTarget } from "../volume-scope.ts";
import type { VolumeScope } from "../volume-scope.ts";

/** Done when every namespace that receives volumes exists on the target. */
export const createTargetNamespaces: Step<VolumeScope> = {
  name: "CreateDestinationNamespaces",
  isDone: ({ run, isPast }) => run.compareOnly || isPast("CreateDestinationNamespaces"),
  async run({ pass, copies, source, target }) {
    for (const [name, [copy]] of copiesByTarget(copies)) {
      if (copy === undefined) continue;
      const namespaces = await pass.wakeOn({
        cluster: target.cluster,
        kind: Namespace,
        fieldSelector: `metadata.name=${name}`,
      });
      const found = namespaces.find({ name });
      if (found?.metadata.deletionTimestamp !== undefined) {
        return waiting({
          reason: "NamespaceTerminating",
          message: `Waiting until namespace ${name}, which is being deleted on cluster ${target.ref.name}, is gone.`,
        });
      }
      if (found) continue;
      const original = await source.cluster.get(Namespace, { name: copy.claim.namespace });
      await createOrFind(target.cluster, Namespace, targetNamespace(original, name));
    }
    return done;
  },
};
