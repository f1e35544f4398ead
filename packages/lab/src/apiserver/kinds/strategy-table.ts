import type { ResourceInfo } from "../resources/resource-info.ts";
import { cronJobStrategy, jobStrategy } from "./batch-strategies.ts";
import { customStrategy } from "./custom-strategy.ts";
import { definitionStrategy } from "./definition-strategy.ts";
import { eventStrategy } from "./event-strategy.ts";
import { autoscalerStrategy, leaseStrategy, limitRangeStrategy } from "./limit-strategies.ts";
import { namespaceStrategy } from "./namespace-strategy.ts";
import { endpointsStrategy, ingressStrategy, networkPolicyStrategy } from "./network-strategies.ts";
import { podStrategy } from "./pod-strategy.ts";
import { quotaStrategy } from "./quota-strategy.ts";
import { bindingStrategy, roleStrategy } from "./rbac-strategies.ts";
import { configMapStrategy, secretStrategy } from "./secret-strategies.ts";
import { serviceStrategy } from "./service-strategy.ts";
import { claimStrategy, storageClassStrategy, volumeStrategy } from "./storage-strategies.ts";
import type { Strategy } from "./strategy.ts";
import {
  daemonSetStrategy,
  deploymentStrategy,
  replicaSetStrategy,
  replicationControllerStrategy,
  statefulSetStrategy,
} from "./workload-strategies.ts";

const STRATEGIES: Readonly<Record<string, Strategy>> = {
  "clusterrolebindings.rbac.authorization.k8s.io": bindingStrategy,
  "clusterroles.rbac.authorization.k8s.io": roleStrategy,
  configmaps: configMapStrategy,
  "cronjobs.batch": cronJobStrategy,
  "customresourcedefinitions.apiextensions.k8s.io": definitionStrategy,
  "daemonsets.apps": daemonSetStrategy,
  "deployments.apps": deploymentStrategy,
  endpoints: endpointsStrategy,
  events: eventStrategy,
  "horizontalpodautoscalers.autoscaling": autoscalerStrategy,
  "ingresses.networking.k8s.io": ingressStrategy,
  "jobs.batch": jobStrategy,
  "leases.coordination.k8s.io": leaseStrategy,
  limitranges: limitRangeStrategy,
  namespaces: namespaceStrategy,
  "networkpolicies.networking.k8s.io": networkPolicyStrategy,
  persistentvolumeclaims: claimStrategy,
  persistentvolumes: volumeStrategy,
  pods: podStrategy,
  "replicasets.apps": replicaSetStrategy,
  replicationcontrollers: replicationControllerStrategy,
  "rolebindings.rbac.authorization.k8s.io": bindingStrategy,
  "roles.rbac.authorization.k8s.io": roleStrategy,
  resourcequotas: quotaStrategy,
  secrets: secretStrategy,
  services: serviceStrategy,
  "statefulsets.apps": statefulSetStrategy,
  "storageclasses.storage.k8s.io": storageClassStrategy,
};

const NONE: Strategy = {};

export function strategyFor(resource: ResourceInfo): Strategy {
  if (resource.custom !== undefined) return customStrategy;
  return STRATEGIES[resource.storage] ?? NONE;
}
