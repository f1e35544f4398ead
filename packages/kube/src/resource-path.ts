import type { KindRef, ObjectRef } from "./cluster.ts";
import { KubeError } from "./kube-error.ts";

/** Where the API server keeps a collection; all namespaces when `namespace` is absent. */
export function collectionPath(kind: KindRef, namespace?: string): string {
  const root =
    kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${segment(kind.version)}`;
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : "";
  return `${root}${scope}/${segment(kind.plural)}`;
}

/** Where the API server keeps one object, or one subresource of it. */
export function objectPath(kind: KindRef, ref: ObjectRef, subresource?: string): string {
  const suffix = subresource === undefined ? "" : `/${segment(subresource)}`;
  return `${collectionPath(kind, namespaceOf(kind, ref))}/${segment(ref.name)}${suffix}`;
}

/** Where a new object of this kind is posted. */
export function createPath(kind: KindRef, namespace: string | undefined): string {
  return collectionPath(kind, namespaceOf(kind, { name: "", ...withNamespace(namespace) }));
}

function withNamespace(namespace: string | undefined): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

function namespaceOf(kind: KindRef, ref: ObjectRef): string | undefined {
  if (!kind.namespaced) return undefined;
  if (ref.namespace) return ref.namespace;
  throw badRequest(`${kind.kind} "${ref.name}" lives in a namespace, and none was given.`);
}

// Kubernetes itself forbids these in names; letting them through would let a name walk to another path.
function segment(text: string): string {
  if (text === "" || text === "." || text === ".." || /[/%]/.test(text)) {
    throw badRequest(`"${text}" cannot be a name in Kubernetes.`);
  }
  return encodeURIComponent(text);
}

function badRequest(message: string): KubeError {
  return new KubeError({ code: 400, reason: "BadRequest", message });
}
