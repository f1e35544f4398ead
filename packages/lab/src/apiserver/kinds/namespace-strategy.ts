import { forbidden } from "../http/status-error.ts";
import { childOf, deepEqual, listOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import type { Strategy } from "./strategy.ts";

const NAME_LABEL = "kubernetes.io/metadata.name";

/** Namespaces carry their own name as a label and wait for their contents before they go. */
export const namespaceStrategy: Strategy = {
  defaults(object) {
    object.metadata.labels = { ...object.metadata.labels, [NAME_LABEL]: object.metadata.name };
  },
  prepareCreate(object) {
    const spec = childOf(object, "spec");
    const finalizers = listOf(spec["finalizers"]);
    spec["finalizers"] = finalizers.includes("kubernetes")
      ? finalizers
      : [...finalizers, "kubernetes"];
    object["status"] = { phase: "Active" };
  },
  prepareUpdate(object, stored, scope) {
    if (scope.subresource === "finalize") return;
    // Only the finalize subresource takes entries out of spec.finalizers.
    if (!deepEqual(object["spec"], stored["spec"])) keepFinalizers(object, stored);
  },
  checkDelete(object, scope) {
    if (!IMMORTAL.has(object.metadata.name)) return;
    throw forbidden(scope.resource, object.metadata.name, "this namespace may not be deleted");
  },
};

const IMMORTAL = new Set(["default", "kube-system", "kube-public"]);

function keepFinalizers(object: ApiObject, stored: ApiObject): void {
  const finalizers = listOf(childOf(stored, "spec")["finalizers"]);
  const spec = childOf(object, "spec");
  if (finalizers.length === 0) delete spec["finalizers"];
  else spec["finalizers"] = finalizers;
}
