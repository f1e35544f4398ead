import type { Node } from "../kinds/cluster-objects.ts";
import { nameOf } from "../kinds/lab-kind.ts";
import type { PodSpec } from "../kinds/pod.ts";
import { matchesLabels, meets } from "../runtime/label-match.ts";

/** Whether somebody said that the node takes no new pods. */
export function isUnschedulable({ spec }: Node): boolean {
  return spec?.["unschedulable"] === true;
}

/** Whether a pod may run on a node as far as its node selector and required node affinity say. */
export function fitsNode(spec: PodSpec, node: Node): boolean {
  if (isUnschedulable(node)) return false;
  if (!matchesLabels(spec.nodeSelector ?? {}, node.metadata.labels)) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return required.nodeSelectorTerms.some((term) => {
    const { matchExpressions = [], matchFields = [] } = term;
    return (
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((expression) => meets(expression, node.metadata.labels)) &&
      matchFields.every((field) => meets(field, { "metadata.name": nameOf(node) }))
    );
  });
}
