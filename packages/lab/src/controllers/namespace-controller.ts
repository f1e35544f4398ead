import { Namespace } from "@drover/crds";
import type { DiscoveredResource } from "@drover/kube";
import { isDeleting, nameOf, namespaceOf } from "../node/kinds/lab-kind.ts";
import type { ClusterView } from "../node/runtime/cluster-view.ts";
import { onChangeOf } from "../node/runtime/controller.ts";
import type { Controller } from "../node/runtime/controller.ts";
import { deletableResources, dynamicKind } from "./dynamic-kind.ts";

const RECHECK_MS = 200;

type Left = {
  readonly kind: string;
  readonly count: number;
  readonly finalizers: readonly string[];
};

/** Empties a terminating namespace, says what it still waits for, and lets it go once nothing is left. */
export function namespaceController(view: ClusterView): Controller {
  return {
    name: "namespace-controller",
    triggers: [
      onChangeOf(Namespace, (namespace) => (isDeleting(namespace) ? [nameOf(namespace)] : [])),
    ],
    async reconcile(name) {
      const namespace = await view.cluster.find(Namespace, { name });
      if (namespace === undefined || !isDeleting(namespace)) return undefined;
      const resources = deletableResources(await view.cluster.discovery()).filter(
        (resource) => resource.namespaced,
      );
      const left: Left[] = [];
      for (const resource of resources) left.push(...(await emptyOne(view, resource, name)));
      if (left.length > 0) {
        await report(view, name, left);
        return RECHECK_MS;
      }
      const finalizers = (namespace.spec?.finalizers ?? []).filter((one) => one !== "kubernetes");
      const emptied = { ...namespace, spec: { ...namespace.spec, finalizers } };
      await view.cluster.replaceSubresource(Namespace, { name }, "finalize", emptied);
      return undefined;
    },
  };
}

/** Deletes what one resource has in the namespace; tells what is still there afterwards. */
async function emptyOne(
  view: ClusterView,
  resource: DiscoveredResource,
  namespace: string,
): Promise<Left[]> {
  const kind = dynamicKind(resource);
  const objects = await view.cluster.list(kind, { namespace });
  for (const object of objects) {
    if (isDeleting(object)) continue;
    await view.cluster.delete(kind, { name: nameOf(object), namespace: namespaceOf(object) });
  }
  if (objects.length === 0) return [];
  const remaining = await view.cluster.list(kind, { namespace });
  if (remaining.length === 0) return [];
  const finalizers = remaining.flatMap((object) => object.metadata.finalizers ?? []);
  const name = resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
  return [{ kind: name, count: remaining.length, finalizers }];
}

/** The conditions people look at when a namespace does not go. */
async function report(view: ClusterView, name: string, left: readonly Left[]): Promise<void> {
  const kinds = left
    .map(({ kind, count }) => `${kind}. has ${count} resource instances`)
    .join(", ");
  const counts = new Map<string, number>();
  for (const finalizer of left.flatMap(({ finalizers }) => finalizers)) {
    counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  }
  const held = [...counts]
    .map(([finalizer, count]) => `${finalizer} in ${count} resource instances`)
    .join(", ");
  const namespace = await view.cluster.find(Namespace, { name });
  if (namespace === undefined) return;
  const conditions = [
    condition("NamespaceContentRemaining", {
      reason: "SomeResourcesRemain",
      message: `Some resources are remaining: ${kinds}`,
    }),
    ...(held === ""
      ? []
      : [
          condition("NamespaceFinalizersRemaining", {
            reason: "SomeFinalizersRemain",
            message: `Some content in the namespace has finalizers remaining: ${held}`,
          }),
        ]),
  ];
  const known = namespace.status?.conditions ?? [];
  const same = conditions.every((one) =>
    known.some((other) => other.type === one.type && other.message === one.message),
  );
  if (!same) await view.changeStatus(Namespace, namespace, { conditions });
}

function condition(
  type: string,
  why: { readonly reason: string; readonly message: string },
): { type: string; status: string; lastTransitionTime: string; reason: string; message: string } {
  return {
    type,
    status: "True",
    lastTransitionTime: `${new Date().toISOString().slice(0, 19)}Z`,
    ...why,
  };
}
