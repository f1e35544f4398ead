import { deepEqual } from "../json.ts";
import type { ApiObject } from "../json.ts";
import { hasStatus } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";

/** Builtin resources that count changes of their spec. */
const COUNTED = new Set([
  "daemonsets.apps",
  "deployments.apps",
  "replicasets.apps",
  "statefulsets.apps",
  "replicationcontrollers",
  "jobs.batch",
  "cronjobs.batch",
  "ingresses.networking.k8s.io",
  "ingressclasses.networking.k8s.io",
  "networkpolicies.networking.k8s.io",
  "poddisruptionbudgets.policy",
  "customresourcedefinitions.apiextensions.k8s.io",
  "mutatingwebhookconfigurations.admissionregistration.k8s.io",
  "validatingwebhookconfigurations.admissionregistration.k8s.io",
  "validatingadmissionpolicies.admissionregistration.k8s.io",
  "priorityclasses.scheduling.k8s.io",
  "endpointslices.discovery.k8s.io",
]);

export function hasGeneration(resource: ResourceInfo): boolean {
  return resource.custom !== undefined || COUNTED.has(resource.storage);
}

/** Counts a change of anything but metadata and, where status is written on its own, status. */
export function bumpGeneration(resource: ResourceInfo, object: ApiObject, stored: ApiObject): void {
  if (!hasGeneration(resource)) return;
  const before = stored.metadata.generation ?? 1;
  const changed = !deepEqual(counted(resource, object), counted(resource, stored));
  object.metadata.generation = changed ? before + 1 : before;
}

function counted(resource: ResourceInfo, object: ApiObject): unknown {
  const { metadata, status, apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  // A deployment's annotations reach its replica sets, so a change of them is one its controller has to see.
  if (resource.storage === "deployments.apps") return { ...rest, note: metadata.annotations };
  return hasStatus(resource) || status === undefined ? rest : { ...rest, status };
}
