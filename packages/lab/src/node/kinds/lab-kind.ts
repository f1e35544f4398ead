import { apiVersionOf } from "@drover/crds";
import type { KubeObject, OwnerReference, ResourceKind } from "@drover/crds";
import { z } from "zod";

type Names = Omit<ResourceKind, "schema">;

/**
 * A kind whose objects the lab's controllers trust as the API server returned them: the server has validated them,
 * and parsing each one again would cost more than all the rest.
 */
export function labKind<T extends KubeObject>(
  group: string,
  kind: string,
  names: Partial<Names> = {},
): ResourceKind<T> {
  return {
    group,
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
    ...names,
    schema: z.custom<T>(),
  };
}

/** The head of a new object of a kind. */
export function typeOf(kind: Names): { apiVersion: string; kind: string } {
  return { apiVersion: apiVersionOf(kind), kind: kind.kind };
}

/** The reference by which an object owns and controls what it creates. */
export function controllerReference(kind: Names, owner: KubeObject): OwnerReference {
  return {
    ...typeOf(kind),
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The reference of whoever controls an object. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? "";
}

export function namespaceOf(object: KubeObject): string {
  return object.metadata.namespace ?? "";
}

export function uidOf(object: KubeObject): string {
  return object.metadata.uid ?? "";
}

/** `namespace/name`, or the name alone for what has no namespace. */
export function keyOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** The name and namespace in a key, as the client wants them. */
export function refOf(key: string): { name: string; namespace?: string } {
  const slash = key.indexOf("/");
  if (slash === -1) return { name: key };
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
