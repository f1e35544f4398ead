import { childOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import { schemaOfResource } from "../schema/schema-of-resource.ts";
import { setDefaults } from "./pod-defaults.ts";

const BUDGET = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

/** Counts that Go writes when they are zero, too. */
const ZEROS: Readonly<Record<string, Fields>> = {
  "daemonsets.apps": {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  },
  "horizontalpodautoscalers.autoscaling": { currentReplicas: 0, desiredReplicas: 0 },
  "ingresses.networking.k8s.io": { loadBalancer: {} },
  "poddisruptionbudgets.policy": BUDGET,
  "replicasets.apps": { replicas: 0 },
  replicationcontrollers: { replicas: 0 },
  "statefulsets.apps": { availableReplicas: 0, replicas: 0 },
};

/** Gives a builtin object the status that Kubernetes shows before anybody wrote one. */
export function setZeroStatus(resource: ResourceInfo, object: ApiObject): void {
  if (resource.custom !== undefined) return;
  const schema = schemaOfResource(resource);
  if (schema.kind !== "struct" || schema.field("status")?.kind !== "struct") return;
  setDefaults(childOf(object, "status"), ZEROS[resource.storage] ?? {});
}
