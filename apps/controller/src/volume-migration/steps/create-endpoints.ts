import { Route, Service } from "@drover/crds";
import { transferRoute, transferService } from "../../manifests/transfer-endpoint.ts";
import { done } from "../../runtime/outcome.ts";
import type { Step } from "../../runtime/step.ts";
import { createOrFind } from "../create-or-find.ts";
import { copiesByTarget } from "../volume-scope.ts";
import type { VolumeScope } from "../volume-scope.ts";

/** Done when each target namespace has an endpoint of the type that the target cluster asks for. */
export const createEndpoints: Step<VolumeScope> = {
  name: "CreateRsyncRoute",
  isDone: ({ isPast }) => isPast("CreateRsyncRoute"),
  async run({ run, copies, target }) {
    const { endpointType, clusterSubdomain } = target.settings;
    for (const namespace of copiesByTarget(copies).keys()) {
      const service = transferService(run, namespace, endpointType);
      await createOrFind(target.cluster, Service, service);
      if (endpointType !== "Route") continue;
      await createOrFind(target.cluster, Route, transferRoute(run, namespace, clusterSubdomain));
    }
    return done;
  },
};
