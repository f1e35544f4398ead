import type { KubeObject } from "@drover/crds";

/** Names one object of the reconciler's kind. */
export type Key = { readonly namespace: string; readonly name: string };

export function keyOf(object: KubeObject): Key {
  return { namespace: object.metadata.namespace ?? "", name: object.metadata.name ?? "" };
}

/** A key as the queue holds it. Neither part can contain a slash. */
export function toQueueKey({ namespace, name }: Key): string {
  return `${namespace}/${name}`;
}

export function keyFrom(queueKey: string): Key {
  const [namespace = "", name = ""] = queueKey.split("/");
  return { namespace, name };
}
