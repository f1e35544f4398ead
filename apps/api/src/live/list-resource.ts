import type { LiveResource } from "@drover/contract";
import type { KubeObject } from "@drover/crds";
import { AppError } from "../app-error.ts";
import type { LiveHub } from "./live-hub.ts";

function requireSynced(hub: LiveHub, resource: LiveResource): void {
  const problem = hub.problems().find((candidate) => candidate.resource === resource);
  // A store that once was full and lost its connection still answers; the stream tells when it is back.
  if (problem !== undefined && hub.list(resource).length === 0)
    throw new AppError("CLUSTER_UNREACHABLE", problem.message);
}

/** Everything of a resource, by name. */
export function listResource(hub: LiveHub, resource: LiveResource): KubeObject[] {
  requireSynced(hub, resource);
  return [...(hub.list(resource) as readonly KubeObject[])].toSorted((left, right) =>
    (left.metadata.name ?? "") < (right.metadata.name ?? "") ? -1 : 1,
  );
}

export function getResource(hub: LiveHub, resource: LiveResource, name: string): KubeObject {
  requireSynced(hub, resource);
  const object: KubeObject | undefined = hub.find(resource, name);
  if (object === undefined)
    throw new AppError("NOT_FOUND", `There is no ${name} among the ${resource}.`);
  return object;
}
